/** The log of a task: from its end, growing, with older lines on demand. Only the lines in view exist. */

import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useDeferredValue, useEffect, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState, type Ref } from "react";
import type { TaskDetail } from "../../api/types";
import { useLog } from "../../data/queries";
import { looksLikeError, stripAnsi } from "../../domain/ansi";
import { formatNumber } from "../../domain/format";
import { AlertIcon, CheckIcon, ClockIcon, DownIcon, SearchIcon, ToEndIcon, UpIcon, WrapIcon } from "../../ui/icons";
import { CopyButton } from "../../ui/parts";
import { usePreferences } from "../../ui/preferences";
import { DownloadButton } from "./log-download";
import { LogLine } from "./log-line";

export interface LogHandle {
  search: () => void;
  follow: () => void;
  firstError: () => void;
}

const LINE_HEIGHT = 20;
/** So close to its end (px) a log counts as followed. */
const NEAR_END = 24;
/** So close to its start (px) older lines are read. */
const NEAR_START = 600;

export function LogView({ task, ref }: { task: TaskDetail; ref: Ref<LogHandle> }) {
  const { text, language } = usePreferences();
  const log = useLog(task.task_id, task);
  const { lines, buffer, hasOlder, loaded } = log;
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

  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_HEIGHT,
    getItemKey: (index) => lines[index]?.index ?? index,
    overscan: 20,
  });
  const total = virtualizer.getTotalSize();

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

  const matches = useMemo(() => {
    if (needle === "") return [];
    return lines.filter((line) => stripAnsi(line.text).toLowerCase().includes(needle)).map((line) => line.index);
  }, [lines, needle]);

  const show = useCallback(
    (index: number) => {
      setFollow(false);
      setCurrent(index);
      virtualizer.scrollToIndex(index - (lines[0]?.index ?? 0), { align: "center" });
    },
    [virtualizer, lines],
  );
  const place = current === null ? -1 : matches.indexOf(current);
  // Enter may come before the search has been through: it then takes effect when it has.
  const awaited = useRef<1 | -1 | null>(null);
  const step = (by: 1 | -1) => {
    awaited.current = needle === search.toLowerCase() ? null : by;
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
            <button type="button" className="button button-quiet" onClick={firstError} title={`${text.log.firstError} (e)`}>
              <AlertIcon />
              <span className="tool-label" role="status">{noError ? text.log.noError : text.log.firstError}</span>
            </button>
            <button type="button" className="button button-quiet" aria-pressed={timestamps} onClick={() => setTimestamps(!timestamps)} title={text.log.timestamps}>
              <ClockIcon />
              <span className="tool-label">{text.log.timestamps}</span>
            </button>
            <button type="button" className="button button-quiet" aria-pressed={wrap} onClick={() => { setWrap(!wrap); virtualizer.measure(); }} title={text.log.wrap}>
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
              {virtualizer.getVirtualItems().map((row) => {
                const line = lines[row.index];
                return (
                  line && (
                    <div key={row.key} ref={wrap ? virtualizer.measureElement : undefined} data-index={row.index} className="log-slot" style={{ transform: `translateY(${row.start}px)` }}>
                      <LogLine line={line} number={hasOlder ? null : line.index - first + 1} timestamps={timestamps} needle={needle} current={line.index === current} />
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
