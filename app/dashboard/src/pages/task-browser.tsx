/** Counters, filters and the list itself; for all tasks, or for those of one project. */

import { Suspense, lazy, useCallback, useDeferredValue, useMemo, useRef, useState } from "react";
import { TASK_STATUSES, type StatusCounts, type Task, type TaskStatus } from "../api/types";
import { useProjects, useTaskList } from "../data/queries";
import { formatNumber } from "../domain/format";
import { arrange, atLeast, countByStatus, matchesSearch, sumCounts, SORTS, type Sort } from "../domain/list";
import { useNowWhile } from "../ui/clock";
import { CloseIcon, SearchIcon, StatusIcon } from "../ui/icons";
import { Command } from "../ui/parts";
import { usePreferences, useText } from "../ui/preferences";
import { useListState } from "./list-state";
import { TaskList, TaskListSkeleton } from "./task-list";
import { useShortcuts } from "../ui/shortcuts";

const SelectionBar = lazy(() => import("./actions/selection-bar"));
const NOTHING: ReadonlySet<string> = new Set();

export function TaskBrowser({ project: fixedProject }: { project: string | null }) {
  const { text, language } = usePreferences();
  const [state, change] = useListState();
  const project = fixedProject ?? state.project;
  const list = useTaskList({ project, status: state.status, type: state.type });
  const { projects } = useProjects();
  const search = useDeferredValue(state.search);
  const now = useNowWhile(state.sort === "longest");
  const found = useMemo(() => (search === "" ? list.tasks : list.tasks.filter((task) => matchesSearch(task, search))), [list.tasks, search]);
  const items = useMemo(() => arrange(found, state.sort, now), [found, state.sort, now]);
  const [selection, setSelection] = useState(NOTHING);
  const select = useCallback((ids: readonly string[], on: boolean) => {
    setSelection((before) => {
      const next = new Set(before);
      for (const id of ids) {
        if (on) next.add(id);
        else next.delete(id);
      }
      return next;
    });
  }, []);
  const clearSelection = useCallback(() => setSelection(NOTHING), []);
  // What a filter hides is not acted on.
  const selected = useMemo(() => (selection.size === 0 ? [] : found.filter((task) => selection.has(task.task_id))), [found, selection]);
  const searchField = useRef<HTMLInputElement>(null);
  useShortcuts({ "/": () => searchField.current?.select() });

  const projectChoices = useMemo(() => projectOptions(projects, list.tasks), [projects, list.tasks]);
  const typeChoices = useMemo(() => typeOptions(list.tasks), [list.tasks]);
  const loadedCounts = useMemo(() => countByStatus(list.tasks), [list.tasks]);
  const known = fixedProject ?? state.project;
  const counted = known === null ? projects : projects.filter((each) => each.project_id === known);
  const total = sumCounts(counted.map((each) => each.counts));
  const counts = state.type === null ? atLeast(total, loadedCounts) : null;
  const filtered = state.search !== "" || state.status !== null || state.type !== null || (fixedProject === null && state.project !== null);
  const clear = () => change({ search: "", status: null, type: null, project: null });

  const nothing = list.loaded && list.tasks.length === 0 && !list.hasMore;
  if (nothing && !filtered && fixedProject === null) return <Empty />;
  return (
    <>
      <Summary counts={list.loaded ? counts : null} status={state.status} onChange={(status) => change({ status })} />
      <div className="filters" role="search">
        <label className="search">
          <span className="visually-hidden">{text.list.search}</span>
          <SearchIcon />
          <input
            ref={searchField}
            type="search"
            value={state.search}
            placeholder={text.list.searchHint}
            onChange={(event) => change({ search: event.target.value })}
            onKeyDown={(event) => event.key === "Escape" && (state.search === "" ? event.currentTarget.blur() : change({ search: "" }))}
          />
          <kbd aria-hidden="true">/</kbd>
        </label>
        {fixedProject === null && (
          <Choice label={text.list.project} any={text.list.anyProject} value={state.project} options={projectChoices} onChange={(value) => change({ project: value })} />
        )}
        <Choice label={text.list.type} any={text.list.anyType} value={state.type} options={typeChoices} onChange={(type) => change({ type })} />
        <label className="choice">
          <span className="visually-hidden">{text.list.sortBy}</span>
          <select value={state.sort} onChange={(event) => change({ sort: event.target.value as Sort })}>
            {SORTS.map((sort) => <option key={sort} value={sort}>{text.sort[sort]}</option>)}
          </select>
        </label>
        {filtered && (
          <button type="button" className="button button-quiet" onClick={clear}>
            <CloseIcon />
            {text.list.clear}
          </button>
        )}
      </div>
      {!list.loaded ? (
        list.error === null ? <TaskListSkeleton /> : <div className="list-hole" />
      ) : nothing && !filtered ? (
        <p className="state">{text.emptyProject}</p>
      ) : items.length === 0 ? (
        <div className="state" role="status">
          <h2>{text.list.noMatch}</h2>
          <p>{text.list.noMatchHint}</p>
          <div className="state-actions">
            <button type="button" className="button" onClick={clear}>{text.list.clear}</button>
            {list.hasMore && <button type="button" className="button" onClick={list.loadMore} disabled={list.loadingMore}>{text.list.more}</button>}
          </div>
          {search !== "" && list.hasMore && <p className="quiet">{text.list.searchScope(formatNumber(list.tasks.length, language))}</p>}
        </div>
      ) : (
        <TaskList items={items} search={search} showProject={fixedProject === null} hasMore={list.hasMore} loadingMore={list.loadingMore} loadMore={list.loadMore} selection={selection} onSelect={select} />
      )}
      {selected.length > 0 && (
        <Suspense fallback={null}>
          <SelectionBar selected={selected} shown={found.length} selectAll={() => select(found.map((task) => task.task_id), true)} clear={clearSelection} />
        </Suspense>
      )}
    </>
  );
}

function projectOptions(projects: readonly { project_id: string; name: string }[], tasks: readonly Task[]): [string, string][] {
  const options = new Map<string, string>();
  for (const task of tasks) options.set(task.project_id, task.project_id);
  for (const project of projects) options.set(project.project_id, project.name);
  return [...options].toSorted((left, right) => left[1].localeCompare(right[1]));
}

function typeOptions(tasks: readonly Task[]): [string, string][] {
  const types = new Set<string>();
  for (const task of tasks) types.add(task.task_type);
  return [...types].toSorted().map((type) => [type, type]);
}

function Choice({ label, any, value, options, onChange }: { label: string; any: string; value: string | null; options: [string, string][]; onChange: (value: string | null) => void }) {
  const listed = value === null || options.some(([id]) => id === value) ? options : [[value, value] as [string, string], ...options];
  return (
    <label className={value === null ? "choice" : "choice choice-set"}>
      <span className="visually-hidden">{label}</span>
      <select value={value ?? ""} onChange={(event) => onChange(event.target.value || null)}>
        <option value="">{any}</option>
        {listed.map(([id, name]) => <option key={id} value={id}>{name}</option>)}
      </select>
    </label>
  );
}

/** How many tasks are in each status; each counter is the filter for its status. */
function Summary({ counts, status, onChange }: { counts: StatusCounts | null; status: TaskStatus | null; onChange: (status: TaskStatus | null) => void }) {
  const { text, language } = usePreferences();
  const all = counts === null ? null : Object.values(counts).reduce((sum, count) => sum + count, 0);
  return (
    <div className="summary" role="group" aria-label={text.list.summary}>
      {TASK_STATUSES.map((each) => (
        <button key={each} type="button" className={`tile status-${each}`} aria-pressed={status === each} data-zero={!counts?.[each] || undefined} onClick={() => onChange(status === each ? null : each)}>
          <span className="tile-number numeric">{counts === null ? "–" : formatNumber(counts[each], language)}</span>
          <span className="tile-label">
            <StatusIcon status={each} percentage={each === "running" ? 70 : null} size={14} />
            {text.status[each]}
          </span>
        </button>
      ))}
      <button type="button" className="tile tile-all" data-zero={!all || undefined} aria-pressed={status === null} onClick={() => onChange(null)}>
        <span className="tile-number numeric">{all === null ? "–" : formatNumber(all, language)}</span>
        <span className="tile-label">{text.list.all}</span>
      </button>
    </div>
  );
}

/** What to do where nothing has run yet. */
function Empty() {
  const text = useText();
  return (
    <section className="empty">
      <svg className="empty-ring" viewBox="0 0 120 120" aria-hidden="true" focusable="false">
        <circle cx="60" cy="60" r="46" className="mark-track" strokeWidth="12" />
        <path d="M60 14a46 46 0 0 1 39.8 23" className="mark-arc" strokeWidth="12" strokeLinecap="round" />
      </svg>
      <h2>{text.empty.title}</h2>
      <p>{text.empty.text}</p>
      <Command value="miyabi run -- npx cdk deploy" />
      <Command value="miyabi run -- cargo test" />
      <p className="quiet">{text.empty.other}</p>
      <p className="empty-waiting"><span className="freshness-dot" aria-hidden="true" />{text.empty.waiting}</p>
    </section>
  );
}
