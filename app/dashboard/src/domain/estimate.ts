/** How long a running task may still take. A range, and nothing where there is nothing to go by. */

import type { HistoryPoint, Task } from "../api/types";

export interface Estimate {
  lowMs: number;
  highMs: number;
}

const LEAST_PERCENTAGE = 5;
const LEAST_ELAPSED_MS = 8_000;
const RECENT_MS = 60_000;

/**
 * Remaining time from the pace of the whole attempt and, where `points` tell, of the last minute. The two paces span
 * the range; with one of them only, it is a third to either side. Nothing for a rollback: its count is another one.
 */
export function estimateRemaining(task: Task, now: number, points: readonly HistoryPoint[] = []): Estimate | null {
  const { percentage, phase } = task.progress;
  if (task.status !== "running" || task.started_at === null || percentage === null || percentage < LEAST_PERCENTAGE) return null;
  if (phase === "rollback" || phase === "cleanup") return null;
  const elapsed = now - Date.parse(task.started_at);
  if (elapsed < LEAST_ELAPSED_MS) return null;
  const overall = (elapsed * (100 - percentage)) / percentage;
  const recent = recentPace(task, now, points);
  const other = recent === null ? null : (100 - percentage) / recent;
  if (other === null) return { lowMs: (overall * 2) / 3, highMs: (overall * 4) / 3 };
  const spread = { lowMs: Math.min(overall, other), highMs: Math.max(overall, other) };
  // A pace that fell to almost nothing says "slower", not "for ever".
  return { lowMs: spread.lowMs * 0.9, highMs: Math.min(spread.highMs * 1.1, spread.lowMs * 6) };
}

/** Percent per millisecond over the last minute; `null` where that is too little to tell. */
function recentPace(task: Task, now: number, points: readonly HistoryPoint[]): number | null {
  const since = now - RECENT_MS;
  const start = points.findLast((point) => point.attempt === task.attempt && point.percentage !== null && Date.parse(point.time) <= since);
  if (!start || start.percentage === null || task.progress.percentage === null) return null;
  const gained = task.progress.percentage - start.percentage;
  const took = now - Date.parse(start.time);
  return gained > 0 && took > 0 ? gained / took : null;
}

/** Rounds a duration as one would say it: to 5 s below a minute, to minutes below an hour, then to 5 minutes. */
export function roundEstimate(milliseconds: number): number {
  const unit = milliseconds < 60_000 ? 5_000 : milliseconds < 3_600_000 ? 60_000 : 300_000;
  return Math.max(unit, Math.round(milliseconds / unit) * unit);
}
