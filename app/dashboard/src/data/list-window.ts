/**
 * How far down the list of tasks was loaded without a gap. The first page is read again and again, while older
 * pages are read once; when so much is new that the first page no longer reaches what was known, the older
 * pages are let go, for there would be tasks between that nobody has read.
 */

import type { Task, TaskList } from "../api/types";

export interface ListWindow {
  /** Creation time of the oldest task down to which the list is complete; `null`: complete to its end. */
  floor: string | null;
  /** Creation time of the newest task seen on the first page; `null` while there is none. */
  top: string | null;
  /** Where older tasks continue; `null` at the end. */
  cursor: string | null;
}

const oldest = (tasks: readonly Task[]) => tasks.at(-1)?.created_at ?? null;

/** The window after the first page was read; the same object if nothing changed. */
export function afterFirstPage(window: ListWindow | undefined, page: TaskList): ListWindow {
  const next = afterFirst(window, page);
  const same = window && window.floor === next.floor && window.top === next.top && window.cursor === next.cursor;
  return same ? window : next;
}

function afterFirst(window: ListWindow | undefined, page: TaskList): ListWindow {
  const top = page.tasks[0]?.created_at ?? null;
  const bottom = oldest(page.tasks);
  if (page.next_cursor === null || bottom === null) return { floor: null, top, cursor: null };
  const contiguous = window !== undefined && window.top !== null && window.top >= bottom;
  if (!contiguous) return { floor: bottom, top, cursor: page.next_cursor };
  if (window.floor === null) {
    // Everything was loaded, and the list outgrew its first page since: still without a gap.
    return { ...window, top };
  }
  return window.floor <= bottom ? { ...window, top } : { floor: bottom, top, cursor: page.next_cursor };
}

/** The window after the page behind its cursor was read. */
export function afterOlderPage(window: ListWindow, page: TaskList): ListWindow {
  if (page.next_cursor === null) return { ...window, floor: null, cursor: null };
  return { ...window, floor: oldest(page.tasks) ?? window.floor, cursor: page.next_cursor };
}

/** Whether the list may show `task`: it is within the window, or it runs or waits and is shown on top anyway. */
export function isWithin(window: ListWindow | undefined, task: Task): boolean {
  if (task.status === "running" || task.status === "queued") return true;
  return window !== undefined && (window.floor === null || task.created_at >= window.floor);
}
