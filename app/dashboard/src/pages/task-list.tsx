/** The list of tasks: only the rows in view exist, so that it stays quick with many thousands. */

import { memo, useCallback, useEffect, useMemo, useRef } from "react";
import { Link } from "wouter";
import type { Task } from "../api/types";
import { formatCount, formatNumber } from "../domain/format";
import { sectionOf, type ListItem } from "../domain/list";
import { StatusIcon } from "../ui/icons";
import { taskHref } from "../ui/links";
import { ChangeAge, Duration, Highlight, Moment, ProgressBar, Remaining, useStalled } from "../ui/parts";
import { usePreferences, useText } from "../ui/preferences";
import { useShortcuts } from "../ui/shortcuts";
import { useRowWindow } from "./row-window";

interface Properties {
  items: readonly ListItem[];
  search: string;
  showProject: boolean;
  hasMore: boolean;
  loadingMore: boolean;
  loadMore: () => void;
  selection: ReadonlySet<string>;
  onSelect: (ids: readonly string[], on: boolean) => void;
}

const keyOf = (item: ListItem | undefined) => (item === undefined ? "" : item.kind === "section" ? `section:${item.section}` : item.task.task_id);

export function TaskList({ items, search, showProject, hasMore, loadingMore, loadMore, selection, onSelect }: Properties) {
  const { text, language } = usePreferences();
  const body = useRef<HTMLDivElement>(null);
  const { total, rows, reveal } = useRowWindow(body, items);

  // Near its end the list goes on by itself; a search does not, or it would read everything for one rare word.
  const lastShown = rows.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !loadingMore && search === "" && lastShown >= items.length - 5) loadMore();
  }, [hasMore, loadingMore, search, lastShown, items.length, loadMore]);

  const wantsFocus = useRef<string | null>(null);
  const focusRow = useCallback((key: string): boolean => {
    const link = body.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"] .row-link`);
    link?.focus({ preventScroll: true });
    return link !== null && link !== undefined;
  }, []);
  useEffect(() => {
    if (wantsFocus.current !== null && focusRow(wantsFocus.current)) wantsFocus.current = null;
  });
  const move = (by: 1 | -1) => {
    const active = document.activeElement?.closest<HTMLElement>("[data-key]")?.dataset["key"];
    const from = active === undefined ? -1 : items.findIndex((item) => keyOf(item) === active);
    let index = from === -1 ? (by === 1 ? 0 : items.length - 1) : from + by;
    while (items[index]?.kind === "section") index += by;
    const item = items[index];
    if (!item) return;
    reveal(index);
    if (!focusRow(keyOf(item))) wantsFocus.current = keyOf(item);
  };
  // With shift, everything from the last one that was clicked.
  const lastSelected = useRef<string | null>(null);
  const current = useRef(items);
  useEffect(() => {
    current.current = items;
  });
  const toggle = useCallback(
    (id: string, on: boolean, range: boolean) => {
      const ids = current.current.flatMap((item) => (item.kind === "task" ? [item.task.task_id] : []));
      const [from, to] = [ids.indexOf(lastSelected.current ?? ""), ids.indexOf(id)];
      onSelect(range && from >= 0 && to >= 0 ? ids.slice(Math.min(from, to), Math.max(from, to) + 1) : [id], on);
      lastSelected.current = id;
    },
    [onSelect],
  );
  const toggleFocused = () => {
    const id = document.activeElement?.closest<HTMLElement>("[data-key]")?.dataset["key"];
    if (id !== undefined) toggle(id, !selection.has(id), false);
  };
  useShortcuts({ j: () => move(1), k: () => move(-1), x: toggleFocused });

  const shown = useMemo(() => items.reduce((count, item) => count + (item.kind === "task" ? 1 : 0), 0), [items]);
  const words = text.list.count(shown, formatNumber(shown, language));
  return (
    <div className={selection.size > 0 ? "list list-selecting" : "list"} role="table" aria-label={text.list.label} aria-rowcount={hasMore ? -1 : items.length + 1}>
      <div role="rowgroup">
        <div role="row" aria-rowindex={1} className="list-head">
          <span role="columnheader">{text.list.columnTask}</span>
          <span role="columnheader">{text.list.columnProgress}</span>
          <span role="columnheader">{text.list.columnDuration}</span>
          <span role="columnheader">{text.list.columnStarted}</span>
          <span role="columnheader">{text.list.columnChanged}</span>
        </div>
      </div>
      <div role="rowgroup" ref={body} className="list-body" style={{ height: total }}>
        {rows.map((row) => {
          const item = items[row.index];
          if (!item) return null;
          const place = { transform: `translateY(${row.top}px)`, height: row.height };
          return (
            <div key={keyOf(item)} data-index={row.index} data-key={keyOf(item)} className="list-slot" style={place} role="row" aria-rowindex={row.index + 2}>
              {item.kind === "section" ? (
                <span role="cell" aria-colspan={5} className="list-section">
                  {text.section[item.section]}
                  <span className="count numeric">{formatNumber(item.count, language)}</span>
                </span>
              ) : (
                <TaskRow task={item.task} search={search} showProject={showProject} selected={selection.has(item.task.task_id)} onToggle={toggle} />
              )}
            </div>
          );
        })}
      </div>
      <div className="list-end">
        {hasMore ? (
          <button type="button" className="button" onClick={loadMore} disabled={loadingMore}>
            {loadingMore ? text.list.loadingMore : text.list.more}
          </button>
        ) : (
          <span className="quiet">{search === "" ? text.list.end(words) : words}</span>
        )}
      </div>
    </div>
  );
}

interface RowProperties {
  task: Task;
  search: string;
  showProject: boolean;
  selected: boolean;
  onToggle: (id: string, on: boolean, range: boolean) => void;
}

const TaskRow = memo(function TaskRow({ task, search, showProject, selected, onToggle }: RowProperties) {
  const text = useText();
  const stalled = useStalled(task);
  const meta = [showProject ? task.project_id : null, task.task_type].filter((part) => part !== null);
  return (
    <div className={`row row-${sectionOf(task.status)}${stalled ? " status-stalled" : ""}`} data-status={task.status} data-selected={selected || undefined} role="presentation">
      <span role="cell" className="cell-task">
        <label className="row-select">
          <input type="checkbox" checked={selected} aria-label={text.action.select(task.name)} onChange={(event) => onToggle(task.task_id, event.target.checked, (event.nativeEvent as MouseEvent).shiftKey)} />
          <StatusIcon status={task.status} percentage={task.progress.percentage} size={18} />
        </label>
        <span className="cell-task-text">
          <Link href={taskHref(task.task_id)} className="row-link">
            <Highlight text={task.name} words={search} />
          </Link>
          <span className="meta">
            <span className="visually-hidden">{stalled ? text.stalled.word : text.status[task.status]}, </span>
            {meta.map((part) => <span key={part}><Highlight text={part} words={search} /></span>)}
            {task.attempt > 1 && <span>{text.list.attempt(task.attempt)}</span>}
          </span>
        </span>
      </span>
      <span role="cell" className="cell-progress"><RowProgress task={task} search={search} stalled={stalled} /></span>
      <span role="cell" className="cell-duration">
        <Duration start={task.started_at} end={task.finished_at} running={task.status === "running"} />
      </span>
      <span role="cell" className="cell-started">{task.started_at === null ? <span className="quiet">{text.list.startedNever}</span> : <Moment at={task.started_at} />}</span>
      <span role="cell" className="cell-changed"><ChangeAge task={task} /></span>
    </div>
  );
});

function RowProgress({ task, search, stalled }: { task: Task; search: string; stalled: boolean }) {
  const { text, language } = usePreferences();
  const { percentage, phase, message, current, total } = task.progress;
  if (task.status === "queued") return <span className="quiet">{text.progress.waiting}</span>;
  const count = total !== null || current > 0 ? formatCount(current, total, language) : null;
  const details = (
    <span className="progress-line">
      {task.status !== "running" && <span className={`ending status-${task.status}`}>{text.status[task.status]}{task.status === "failed" && task.exit_code !== null ? ` (${task.exit_code})` : ""}</span>}
      {stalled && <span className="ending">{text.stalled.word}</span>}
      {phase !== null && <span className="phase"><Highlight text={phase} words={search} /></span>}
      {count !== null && <span className="numeric">{count}</span>}
      {message !== null && task.status !== "succeeded" && <span className="message" title={message}><Highlight text={message} words={search} /></span>}
      {!stalled && <Remaining task={task} />}
    </span>
  );
  if (task.status === "succeeded") return details;
  return (
    <>
      <span className="progress-top">
        <ProgressBar task={task} />
        <span className="percentage numeric">{percentage === null ? "" : `${percentage}%`}</span>
      </span>
      {details}
    </>
  );
}

/** The list's outline while the first page is on the way. */
export function TaskListSkeleton() {
  return (
    <div className="list" aria-hidden="true">
      <div className="list-head" />
      {Array.from({ length: 6 }, (_, index) => (
        <div key={index} className="row row-skeleton">
          <span className="cell-task"><span className="skeleton skeleton-dot" /><span className="cell-task-text"><span className="skeleton skeleton-name" /><span className="skeleton skeleton-meta" /></span></span>
          <span className="cell-progress"><span className="skeleton skeleton-bar" /></span>
        </div>
      ))}
    </div>
  );
}
