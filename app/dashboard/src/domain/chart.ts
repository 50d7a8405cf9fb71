/** The progress of a task over time as the points of a small chart. */

import type { HistoryPoint } from "../api/types";

export interface ChartPoint {
  time: number;
  /** 0 to 1 of the chart's height. */
  level: number;
  point: HistoryPoint;
}

export interface PhaseBand {
  phase: string;
  start: number;
  end: number;
}

export interface ProgressChart {
  points: ChartPoint[];
  phases: PhaseBand[];
  start: number;
  end: number;
  /** What the height stands for: percent, or units where the total was never known. */
  unit: "percent" | "count";
  highest: number;
}

const MOST_POINTS = 600;

/** The chart of one attempt, from its start to `end`; `null` where there is nothing to draw. */
export function progressChart(history: readonly HistoryPoint[], attempt: number, startedAt: number | null, end: number): ProgressChart | null {
  const own = history.filter((point) => point.attempt === attempt);
  // One reading is no course of time.
  if (own.length < 2) return null;
  const unit = own.some((point) => point.percentage !== null) ? "percent" : "count";
  const highest = unit === "percent" ? 100 : Math.max(1, ...own.map((point) => point.current));
  const value = (point: HistoryPoint) => (unit === "percent" ? (point.percentage ?? 0) : point.current);
  const times = own.map((point) => Date.parse(point.time));
  const start = Math.min(startedAt ?? Infinity, times[0] ?? Infinity);
  const last = Math.max(end, times.at(-1) ?? end, start + 1000);
  const kept = thin(own);
  return {
    points: kept.map((point) => ({ time: Date.parse(point.time), level: value(point) / highest, point })),
    phases: phaseBands(own, start, last),
    start,
    end: last,
    unit,
    highest,
  };
}

/** Every n-th point, with the last one: progress only rises, so no peak can be lost. */
function thin(points: readonly HistoryPoint[]): HistoryPoint[] {
  if (points.length <= MOST_POINTS) return [...points];
  const every = Math.ceil(points.length / MOST_POINTS);
  return points.filter((_, index) => index % every === 0 || index === points.length - 1);
}

function phaseBands(points: readonly HistoryPoint[], start: number, end: number): PhaseBand[] {
  const bands: PhaseBand[] = [];
  for (const point of points) {
    if (point.phase === null) continue;
    const last = bands.at(-1);
    if (last?.phase === point.phase) continue;
    const from = bands.length === 0 ? start : Date.parse(point.time);
    if (last) last.end = from;
    bands.push({ phase: point.phase, start: from, end });
  }
  return bands;
}
