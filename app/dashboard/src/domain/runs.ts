/** The ended runs of a project as figures over time. */

import { isTerminal, type Task } from "../api/types";
import { quantile } from "./figures";
import { elapsed } from "./list";

export interface Run {
  task: Task;
  end: number;
  length: number;
}

/** Ended runs with their duration, oldest first. */
export function endedRuns(tasks: readonly Task[]): Run[] {
  return tasks
    .flatMap((task) => {
      const length = elapsed(task, 0);
      return isTerminal(task.status) && task.finished_at !== null && length !== null ? [{ task, length, end: Date.parse(task.finished_at) }] : [];
    })
    .toSorted((left, right) => left.end - right.end);
}

/** Commands by how often they ran. */
export function commands(runs: readonly Run[]): { name: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { task } of runs) counts.set(task.name, (counts.get(task.name) ?? 0) + 1);
  return [...counts].map(([name, count]) => ({ name, count })).toSorted((left, right) => right.count - left.count || (left.name < right.name ? -1 : 1));
}

export interface RunFigures {
  count: number;
  succeeded: number;
  failed: number;
  /** Of what succeeded or failed; what was cancelled says nothing. `null` without either. */
  successRate: number | null;
  median: number | null;
  slow: number | null;
}

export function runFigures(runs: readonly Run[]): RunFigures {
  const of = (status: Task["status"]) => runs.filter((run) => run.task.status === status).length;
  const [succeeded, failed] = [of("succeeded"), of("failed")];
  // A run that failed early says nothing of how long the work takes.
  const lengths = runs.filter((run) => run.task.status === "succeeded").map((run) => run.length);
  return { count: runs.length, succeeded, failed, successRate: succeeded + failed === 0 ? null : succeeded / (succeeded + failed), median: quantile(lengths, 0.5), slow: quantile(lengths, 0.9) };
}

export interface Day {
  /** Its beginning, in the local zone. */
  start: number;
  runs: Run[];
}

/** The runs by day of the local zone, from the first to the last, days without any included; at most `count` days. */
export function byDay(runs: readonly Run[], count: number): Day[] {
  const last = runs.at(-1);
  if (!last) return [];
  const midnight = (time: number) => new Date(time).setHours(0, 0, 0, 0);
  const days: Day[] = [];
  let start = midnight(last.end);
  const first = midnight(runs[0]?.end ?? last.end);
  while (days.length < count && start >= first) {
    days.unshift({ start, runs: [] });
    // Noon of the day before, then its midnight: days of 23 and 25 hours too.
    start = midnight(start - 12 * 3_600_000);
  }
  const places = new Map(days.map((day) => [day.start, day]));
  for (const run of runs) places.get(midnight(run.end))?.runs.push(run);
  return days;
}
