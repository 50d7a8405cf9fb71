/** A project's runs over time: how long they took, and how they ended. */

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Link } from "wouter";
import { api } from "../api/client";
import type { Task } from "../api/types";
import { formatDay, formatDuration, formatNumber } from "../domain/format";
import { byDay, commands, endedRuns, runFigures, type Day, type Run } from "../domain/runs";
import { taskHref } from "../ui/links";
import { usePreferences } from "../ui/preferences";

/** Pages of 100 tasks that are read. */
const PAGES = 5;
/** Runs with a bar of their own. */
const BARS = 60;
const DAYS = 30;

export default function ProjectHistory({ projectId, newest }: { projectId: string; newest: string | undefined }) {
  const { text, language } = usePreferences();
  const [command, setCommand] = useState("");
  const query = useQuery({
    // Read again when another task of it was created or ended.
    queryKey: ["runs", projectId, newest],
    staleTime: 60_000,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const tasks: Task[] = [];
      let cursor: string | null = null;
      for (let page = 0; page < PAGES; page++) {
        const next: Awaited<ReturnType<typeof api.tasks>> = await api.tasks({ project: projectId }, { limit: 100, cursor }, signal);
        tasks.push(...next.tasks);
        cursor = next.next_cursor;
        if (cursor === null) break;
      }
      return tasks;
    },
  });
  const all = useMemo(() => endedRuns(query.data ?? []), [query.data]);
  const names = useMemo(() => commands(all), [all]);
  const runs = useMemo(() => (command === "" ? all : all.filter((run) => run.task.name === command)), [all, command]);
  const figures = useMemo(() => runFigures(runs), [runs]);
  const days = useMemo(() => byDay(runs, DAYS), [runs]);
  const words = text.history;
  if (query.data === undefined) return <section className="panel runs-panel" aria-busy="true" />;
  if (all.length < 3) return null;
  const length = (value: number | null) => (value === null ? text.task.none : formatDuration(value, language));
  return (
    <section className="panel runs-panel" aria-labelledby="runs-title">
      <header className="panel-head">
        <h2 id="runs-title">{words.title}</h2>
        <label className="choice runs-choice">
          <span className="visually-hidden">{words.command}</span>
          <select value={command} onChange={(event) => setCommand(event.target.value)}>
            <option value="">{words.allCommands}</option>
            {names.slice(0, 30).map(({ name, count }) => <option key={name} value={name}>{`${name} (${count})`}</option>)}
          </select>
        </label>
      </header>
      <dl className="runs-figures">
        <div><dt>{words.successRate}</dt><dd className="numeric">{figures.successRate === null ? text.task.none : `${Math.round(figures.successRate * 100)}%`}</dd></div>
        <div><dt>{words.runs}</dt><dd className="numeric">{formatNumber(figures.count, language)}</dd></div>
        <div><dt>{words.median}</dt><dd className="numeric">{length(figures.median)}</dd></div>
        <div><dt>{words.slow}</dt><dd className="numeric">{length(figures.slow)}</dd></div>
      </dl>
      <div className="runs-charts">
        <Durations runs={runs.slice(-BARS)} median={figures.median} />
        <Outcomes days={days} />
      </div>
    </section>
  );
}

function Durations({ runs, median }: { runs: readonly Run[]; median: number | null }) {
  const { text, language } = usePreferences();
  const highest = Math.max(...runs.map((run) => run.length), 1);
  const [pointed, setPointed] = useState<Run | null>(null);
  return (
    <figure className="runs-chart">
      <div className="runs-bars" onPointerLeave={() => setPointed(null)}>
        {median !== null && <span className="runs-median" style={{ bottom: `${(median / highest) * 100}%` }} aria-hidden="true" />}
        {runs.map((run) => (
          <Link key={run.task.task_id} href={taskHref(run.task.task_id)} className={`runs-bar status-${run.task.status}`} aria-label={`${run.task.name}: ${text.status[run.task.status]}, ${formatDuration(run.length, language)}`} onPointerEnter={() => setPointed(run)} onFocus={() => setPointed(run)} onBlur={() => setPointed(null)}>
            <span style={{ height: `${Math.max(3, (run.length / highest) * 100)}%` }} />
          </Link>
        ))}
      </div>
      <figcaption className="quiet">
        {pointed === null ? text.history.durations(runs.length, formatDuration(highest, language)) : `${text.status[pointed.task.status]} · ${formatDuration(pointed.length, language)} · ${pointed.task.name}`}
      </figcaption>
    </figure>
  );
}

const ORDER = ["succeeded", "cancelled", "failed"] as const;

function Outcomes({ days }: { days: readonly Day[] }) {
  const { text, language } = usePreferences();
  const highest = Math.max(...days.map((day) => day.runs.length), 1);
  const describe = (day: Day) => {
    const figures = runFigures(day.runs);
    return `${formatDay(day.start, language)}: ${day.runs.length === 0 ? text.history.noRuns : text.history.ofDay(figures.succeeded, day.runs.length)}`;
  };
  return (
    <figure className="runs-chart">
      <ul className="runs-days">
        {days.map((day) => (
          <li key={day.start} className="runs-day" title={describe(day)}>
            <span className="visually-hidden">{describe(day)}</span>
            {ORDER.map((status) => {
              const count = day.runs.filter((run) => run.task.status === status).length;
              return count > 0 && <span key={status} className={`status-${status}`} style={{ height: `${(count / highest) * 100}%` }} />;
            })}
          </li>
        ))}
      </ul>
      <figcaption className="quiet">{days[0] && text.history.days(formatDay(days[0].start, language), formatDay(days.at(-1)?.start ?? days[0].start, language))}</figcaption>
    </figure>
  );
}
