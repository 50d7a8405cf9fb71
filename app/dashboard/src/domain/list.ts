/** Search, order and sections of the list of tasks. */

import type { StatusCounts, Task, TaskStatus } from "../api/types";

export const SORTS = ["activity", "newest", "oldest", "longest", "name"] as const;
export type Sort = (typeof SORTS)[number];

/** Whether every word of `search` is somewhere in what the task says of itself. */
export function matchesSearch(task: Task, search: string): boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const labels = Object.entries(task.labels).map(([key, value]) => `${key}=${value}`);
  const text = [task.name, task.task_id, task.project_id, task.task_type, task.progress.phase, task.progress.message, ...labels]
    .filter(Boolean)
    .join("\n")
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Milliseconds from start to end, or to `now`; `null` before the start. */
export function elapsed(task: Pick<Task, "started_at" | "finished_at">, now: number): number | null {
  if (task.started_at === null) return null;
  return Math.max(0, (task.finished_at === null ? now : Date.parse(task.finished_at)) - Date.parse(task.started_at));
}

/** A runner that promised signs of life and gave none for this long is taken for gone; `STALLED_AFTER` of the API. */
export const STALLED_AFTER_MS = 60_000;

/** Milliseconds since the last sign of life of a task's runner, once that is too long; else `null`. */
export function stalledFor(task: Pick<Task, "status" | "heartbeat_at">, now: number): number | null {
  if (task.status !== "running" || task.heartbeat_at === null) return null;
  const silence = now - Date.parse(task.heartbeat_at);
  return silence >= STALLED_AFTER_MS ? silence : null;
}

export type Section = "running" | "queued" | "ended";
export type ListItem = { kind: "section"; section: Section; count: number } | { kind: "task"; task: Task };

export function sectionOf(status: TaskStatus): Section {
  return status === "running" || status === "queued" ? status : "ended";
}

const ended = (task: Task) => task.finished_at ?? task.updated_at;
const compareText = (left: string, right: string) => (left < right ? -1 : left > right ? 1 : 0);

const byEnd = (left: Task, right: Task) => compareText(ended(right), ended(left)) || compareText(left.task_id, right.task_id);
let lastOrder: Task[] = [];

/**
 * `tasks` by their ends. What ended changes seldom: the order of before is taken over, and only what is new is sorted and
 * merged in, because to sort 100,000 tasks anew would be felt with every change.
 */
function latestEndFirst(tasks: readonly Task[]): Task[] {
  const wanted = new Set(tasks);
  const kept = lastOrder.filter((task) => wanted.delete(task));
  const added = [...wanted].toSorted(byEnd);
  const merged: Task[] = [];
  let at = 0;
  for (const task of added) {
    for (let next = kept[at]; next !== undefined && byEnd(next, task) < 0; next = kept[at]) {
      merged.push(next);
      at += 1;
    }
    merged.push(task);
  }
  for (; at < kept.length; at++) merged.push(kept[at] as Task);
  lastOrder = merged;
  return merged;
}

/**
 * The items of the list. By activity it has sections: what runs (longest first, so that rows keep their places), what
 * waits (longest first), what ended (latest end first). Any other order is one plain list.
 */
export function arrange(tasks: readonly Task[], sort: Sort, now: number): ListItem[] {
  if (sort !== "activity") {
    return tasks.toSorted(comparator(sort, now)).map((task) => ({ kind: "task", task }));
  }
  const running = tasks.filter((task) => task.status === "running").toSorted((a, b) => compareText(a.started_at ?? a.created_at, b.started_at ?? b.created_at) || compareText(a.task_id, b.task_id));
  const queued = tasks.filter((task) => task.status === "queued").toSorted((a, b) => compareText(a.created_at, b.created_at) || compareText(a.task_id, b.task_id));
  const past = latestEndFirst(tasks.filter((task) => sectionOf(task.status) === "ended"));
  const items: ListItem[] = [];
  for (const [section, members] of [["running", running], ["queued", queued], ["ended", past]] as const) {
    if (members.length === 0) continue;
    items.push({ kind: "section", section, count: members.length });
    for (const task of members) items.push({ kind: "task", task });
  }
  return items;
}

function comparator(sort: Sort, now: number): (left: Task, right: Task) => number {
  const tie = (left: Task, right: Task) => compareText(left.task_id, right.task_id);
  switch (sort) {
    case "oldest":
      return (left, right) => compareText(left.created_at, right.created_at) || tie(left, right);
    case "longest":
      return (left, right) => (elapsed(right, now) ?? -1) - (elapsed(left, now) ?? -1) || tie(left, right);
    case "name":
      return (left, right) => left.name.localeCompare(right.name) || tie(left, right);
    default:
      return (left, right) => compareText(right.created_at, left.created_at) || tie(left, right);
  }
}

export function countByStatus(tasks: readonly Task[]): StatusCounts {
  const counts: StatusCounts = { queued: 0, running: 0, succeeded: 0, failed: 0, cancelled: 0 };
  for (const task of tasks) counts[task.status] += 1;
  return counts;
}

export function sumCounts(all: readonly StatusCounts[]): StatusCounts {
  const sum: StatusCounts = { queued: 0, running: 0, succeeded: 0, failed: 0, cancelled: 0 };
  for (const counts of all) for (const status of Object.keys(sum) as TaskStatus[]) sum[status] += counts[status];
  return sum;
}

/** The larger of two counts for each status: the projects' counters may be a moment behind what was loaded. */
export function atLeast(counts: StatusCounts, loaded: StatusCounts): StatusCounts {
  const result = { ...counts };
  for (const status of Object.keys(result) as TaskStatus[]) result[status] = Math.max(counts[status], loaded[status]);
  return result;
}
