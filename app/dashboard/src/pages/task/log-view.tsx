/** The log of a task: from its end, growing, with older lines on demand. Only the lines in view exist. */

import { useCallback, useDeferredValue, useEffect, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState, type Ref } from "react";
import type { TaskDetail } from "../../api/types";
import { useLog } from "../../data/queries";
import { MOST_LINES, type LogLine as Line } from "../../data/log-buffer";
import { looksLikeError, stripAnsi } from "../../domain/ansi";
import { formatNumber } from "../../domain/format";
import { fold, groupOf, placeOf } from "../../domain/groups";
import { AlertIcon, CheckIcon, ChevronIcon, ClockIcon, DownIcon, SearchIcon, ToEndIcon, UpIcon, WrapIcon } from "../../ui/icons";
import { CopyButton } from "../../ui/parts";
import { usePreferences } from "../../ui/preferences";
import { useLineWindow } from "./line-window";
import { DownloadButton } from "./log-download";
import { LogLine } from "./log-line";
import { useMatches } from "./use-matches";

export interface LogHandle {
  search: () => void;
  follow: () => void;
  firstError: () => void;
}

const LINE_HEIGHT = 20;
const NONE: ReadonlySet<number> = new Set();
/** So close to its end (px) a log counts as followed. */
const NEAR_END = 24;
/** So close to its start (px) older lines are read. */
const NEAR_START = 600;

export function LogView({ task, ref }: { task: TaskDetail; ref: Ref<LogHandle> }) {
  const { text, language } = usePreferences();
  const log = useLog(task.task_id, task);
  const { lines, buffer, hasOlder, hasGroups, readingAll, loaded } = log;
  const [closed, setClosed] = useState(NONE);
  const folded = useMemo(() => (hasGroups ? fold(lines, closed) : null), [lines, hasGroups, closed]);
  const rows: readonly Line[] = folded?.rows ?? lines;
  const [search, setSearch] = useState("");
  const [timestamps, setTimestamps] = useState(false);
  const [wrap, setWrap] = useState(false);
  const [follow, setFollow] = useState(true);
  const [current, setCurrent] = useState<number | null>(null);
  const [noError, setNoError] = useState(false);
  const scroller = useRef<HTMLDivElement>(null);
  const section = useRef<HTMLElement>(null);
  const searchField = useRef<HTMLInputElement>(null);
  const needle = useDeferredValue(search.toLowerCase());

  const view = useLineWindow(scroller, rows.length, (index) => rows[index]?.index ?? index, LINE_HEIGHT, wrap);
  const { total, scrollTo } = view;

  // Older lines came in front: what is in view stays where it is.
  const before = useRef({ first: 0, total: 0 });
  const first = lines[0]?.index ?? 0;
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element && first < before.current.first) element.scrollTop += total - before.current.total;
    before.current = { first, total };
  }, [first, total]);

  const lastTop = useRef(0);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!follow || !element) return;
    element.scrollTop = element.scrollHeight;
    // The event of this move may come together with one of the reader's: it is their way up that counts.
    lastTop.current = element.scrollTop;
  }, [follow, total, wrap, timestamps]);

  const readOlder = useCallback(() => void buffer.readOlder().catch(() => undefined), [buffer]);
  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    const top = element.scrollTop;
    if (top + element.clientHeight >= element.scrollHeight - NEAR_END) setFollow(true);
    else if (top < lastTop.current) setFollow(false);
    lastTop.current = top;
    if (hasOlder && top < NEAR_START) readOlder();
  };
  // A log shorter than its window cannot be scrolled: its beginning is read at once.
  useEffect(() => {
    const element = scroller.current;
    if (loaded && hasOlder && element && total < element.clientHeight + NEAR_START) readOlder();
  }, [loaded, hasOlder, total, readOlder]);

  const { found: matches, done: searched } = useMatches(lines, needle);

  // A line in a closed group is shown once the group is open.
  const wanted = useRef<number | null>(null);
  const show = useCallback(
    (index: number) => {
      setFollow(false);
      setCurrent(index);
      wanted.current = index;
      const group = hasGroups ? groupOf(lines, index) : null;
      setClosed((known) => (group !== null && known.has(group) ? new Set([...known].filter((each) => each !== group)) : known));
    },
    [lines, hasGroups],
  );
  useLayoutEffect(() => {
    if (wanted.current === null) return;
    const at = placeOf(rows, wanted.current);
    if (rows[at]?.index !== wanted.current) return;
    wanted.current = null;
    scrollTo(at);
  });
  const toggleGroup = (index: number) =>
    setClosed((known) => {
      const next = new Set(known);
      if (!next.delete(index)) next.add(index);
      return next;
    });
  const groups = folded?.sizes;
  const allClosed = groups !== undefined && closed.size >= groups.size;
  const place = current === null ? -1 : matches.indexOf(current);
  // Enter may come before the search has been through: it then takes effect when it has.
  const awaited = useRef<1 | -1 | null>(null);
  const step = (by: 1 | -1) => {
    awaited.current = needle === search.toLowerCase() && (searched || matches.length > 0) ? null : by;
    if (awaited.current !== null) return;
    const from = place === -1 ? (by === 1 ? -1 : matches.length) : place;
    const next = matches[(from + by + matches.length) % matches.length];
    if (next !== undefined) show(next);
  };
  useEffect(() => {
    if (awaited.current !== null) step(awaited.current);
  });
  // Asked for before the log is there: it then takes effect when it has come.
  const wantsError = useRef(false);
  const firstError = () => {
    wantsError.current = !loaded;
    if (!loaded) return;
    const line = lines.find((each) => looksLikeError(stripAnsi(each.text)));
    setNoError(line === undefined);
    section.current?.scrollIntoView({ block: "nearest" });
    if (line) show(line.index);
  };
  useEffect(() => {
    if (wantsError.current && loaded) firstError();
  });
  useImperativeHandle(ref, () => ({
    search: () => {
      section.current?.scrollIntoView({ block: "nearest" });
      searchField.current?.select();
    },
    follow: () => {
      section.current?.scrollIntoView({ block: "nearest" });
      setFollow(true);
    },
    firstError,
  }));

  const running = task.status === "running" || task.status === "queued";
  const count = formatNumber(lines.length, language);
  return (
    <section className="panel log-panel" ref={section} aria-labelledby="log-title">
      <header className="panel-head log-head">
        <h2 id="log-title">{text.log.title}</h2>
        {loaded && <span className="quiet numeric">{text.log.lines(count, hasOlder)}</span>}
        {hasOlder && (lines.length < MOST_LINES || readingAll) && (
          <button type="button" className="text-button log-all" onClick={() => void buffer.readAll().catch(() => undefined)}>{readingAll ? text.log.stopReading : text.log.readAll}</button>
        )}
        <div className="log-tools">
          <label className="search search-small">
            <span className="visually-hidden">{text.log.search}</span>
            <SearchIcon />
            <input
              ref={searchField}
              type="search"
              value={search}
              placeholder={text.log.search}
              onChange={(event) => {
                setSearch(event.target.value);
                setCurrent(null);
              }}
              onKeyDown={(event) => {
                if (event.key === "Enter") step(event.shiftKey ? -1 : 1);
                else if (event.key === "Escape") {
                  if (search === "") event.currentTarget.blur();
                  setSearch("");
                }
              }}
            />
          </label>
          {search !== "" && (
            <span className="log-matches">
              <span className="quiet numeric" role="status">{text.log.matches(place + 1, matches.length)}</span>
              <button type="button" className="button button-quiet button-icon" onClick={() => step(-1)} disabled={matches.length === 0} aria-label={text.log.previous}><UpIcon /></button>
              <button type="button" className="button button-quiet button-icon" onClick={() => step(1)} disabled={matches.length === 0} aria-label={text.log.next}><DownIcon /></button>
            </span>
          )}
          <span className="log-buttons">
            {groups !== undefined && (
              <button type="button" className="button button-quiet" aria-pressed={allClosed} onClick={() => setClosed(allClosed ? NONE : new Set(groups.keys()))} title={text.log.foldGroups}>
                <ChevronIcon />
                <span className="tool-label">{text.log.foldGroups}</span>
              </button>
            )}
            <button type="button" className="button button-quiet" onClick={firstError} title={`${text.log.firstError} (e)`}>
              <AlertIcon />
              <span className="tool-label" role="status">{noError ? text.log.noError : text.log.firstError}</span>
            </button>
            <button type="button" className="button button-quiet" aria-pressed={timestamps} onClick={() => setTimestamps(!timestamps)} title={text.log.timestamps}>
              <ClockIcon />
              <span className="tool-label">{text.log.timestamps}</span>
            </button>
            <button type="button" className="button button-quiet" aria-pressed={wrap} onClick={() => setWrap(!wrap)} title={text.log.wrap}>
              <WrapIcon />
              <span className="tool-label">{text.log.wrap}</span>
            </button>
            <CopyButton value={() => lines.map((line) => stripAnsi(line.text)).join("\n")} label={text.log.copy} className="button button-quiet"><span className="tool-label" aria-hidden="true">{text.log.copy}</span></CopyButton>
            <DownloadButton taskId={task.task_id} />
          </span>
        </div>
      </header>
      <div className="log-window">
        {/* A region that scrolls has to be reachable by keyboard. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <div ref={scroller} className={`log${wrap ? " log-wrap" : ""}${lines.length === 0 ? " log-empty" : ""}`} role="region" aria-label={text.log.label} tabIndex={0} onScroll={onScroll} data-follow={follow}>
          {lines.length === 0 ? (
            <p className="panel-empty">{!loaded ? (log.error === null ? text.log.loading : log.error.kind === "not-found" ? text.log.none : text.failure[log.error.kind]) : running ? text.log.emptyRunning : text.log.empty}</p>
          ) : (
            <div className="log-lines" style={{ height: total }}>
              {view.items.map((item) => {
                const line = rows[item.index];
                return (
                  line && (
                    <div key={item.key} ref={view.measure} data-index={item.index} className="log-slot" style={{ transform: `translateY(${item.start}px)` }}>
                      {line.group !== undefined && line.group !== "closes" ? (
                        <button type="button" className="log-group" aria-expanded={!closed.has(line.index)} onClick={() => toggleGroup(line.index)}>
                          <ChevronIcon />
                          <span>{line.group.opens || text.log.group}</span>
                          <span className="quiet numeric">{text.log.groupLines(formatNumber(groups?.get(line.index) ?? 0, language))}</span>
                        </button>
                      ) : (
                        <LogLine line={line} number={hasOlder ? null : line.index - first + 1} timestamps={timestamps} needle={needle} current={line.index === current} inGroup={(folded?.parents[item.index] ?? null) !== null} />
                      )}
                    </div>
                  )
                );
              })}
            </div>
          )}
        </div>
        {lines.length > 0 && (running || !follow) && (
          <button type="button" className={follow ? "follow follow-on" : "follow"} aria-pressed={follow} onClick={() => setFollow(!follow)} title="f">
            {follow ? <CheckIcon /> : <ToEndIcon />}
            {follow ? text.log.following : running ? text.log.follow : text.log.toEnd}
          </button>
        )}
      </div>
    </section>
  );
}
