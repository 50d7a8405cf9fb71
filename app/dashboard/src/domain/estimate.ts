/** How long a running task may still take: the API's range, as of now, and how to say it. */

import type { Task } from "../api/types";

export interface Remaining {
  lowMs: number;
  highMs: number;
}

/** What is left of the API's estimate at `now`; nothing without one, and nothing once its latest moment has passed. */
export function remaining(task: Task, now: number): Remaining | null {
  if (task.status !== "running" || !task.estimate) return null;
  const highMs = Date.parse(task.estimate.latest) - now;
  if (highMs <= 0) return null;
  return { lowMs: Math.max(0, Date.parse(task.estimate.earliest) - now), highMs };
}

/** Rounds a duration as one would say it: to 5 s below a minute, to minutes below an hour, then to 5 minutes. */
export function roundEstimate(milliseconds: number): number {
  const unit = milliseconds < 60_000 ? 5_000 : milliseconds < 3_600_000 ? 60_000 : 300_000;
  return Math.max(unit, Math.round(milliseconds / unit) * unit);
}
