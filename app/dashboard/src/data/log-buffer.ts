/**
 * The lines of one log, from the end backwards on demand and forwards as they come. Reading is by cursor, as with
 * GetLogEvents: a cursor that comes back unchanged means that there is nothing in that direction (yet).
 */

import { ApiError, api } from "../api/client";
import type { LogEvent, LogPage } from "../api/types";
import { groupMark, type GroupMark } from "../domain/groups";

export interface LogLine {
  /** Place in the log; lines that were loaded later but are older have lower, also negative, numbers. */
  index: number;
  time: number;
  text: string;
  /** What it says of groups of lines, if anything. */
  group?: GroupMark | undefined;
}

export interface LogSnapshot {
  lines: readonly LogLine[];
  /** Whether older lines may exist. */
  hasOlder: boolean;
  /** Whether any line opens a group. */
  hasGroups: boolean;
  /** Whether everything that is older is being read. */
  readingAll: boolean;
  /** Whether the first page has come. */
  loaded: boolean;
  /** Forward reads in a row that brought nothing. */
  emptyReads: number;
  /** Forward reads in a row that failed. */
  failures: number;
}

export type ReadLog = (page: { cursor?: string; from?: "start" | "end"; limit: number }, signal?: AbortSignal) => Promise<LogPage>;

const PAGE = 1_000;
/** Lines that are held at most: no browser lays out much more than this at 20 px each. */
export const MOST_LINES = 850_000;
/** Pages that are read in one go at most. */
const PAGES_AT_ONCE = 50;

/** What a terminal would show of a message: the text after its last carriage return, and no line ending. */
export function visibleText(message: string): string {
  const text = message.replace(/[\r\n]+$/, "");
  const start = text.lastIndexOf("\r");
  return start < 0 ? text : text.slice(start + 1);
}

export class LogBuffer {
  #snapshot: LogSnapshot = { lines: [], hasOlder: false, hasGroups: false, readingAll: false, loaded: false, emptyReads: 0, failures: 0 };
  #next: string | null = null;
  #previous: string | null = null;
  #listeners = new Set<() => void>();
  #older: Promise<number> | null = null;

  constructor(readonly read: ReadLog) {}

  static forTask(taskId: string): LogBuffer {
    return new LogBuffer((page, signal) => api.logs(taskId, page, signal));
  }

  snapshot = (): LogSnapshot => this.#snapshot;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Reads what is new, page by page until there is no more; gives the number of new lines. */
  async readForward(signal?: AbortSignal): Promise<number> {
    try {
      const added = await this.#readForward(signal);
      this.#set({ emptyReads: added === 0 ? this.#snapshot.emptyReads + 1 : 0, failures: 0 });
      return added;
    } catch (error) {
      if (!signal?.aborted) this.#set({ failures: this.#snapshot.failures + 1 });
      if (error instanceof ApiError && error.kind === "request" && this.#next !== null) {
        // Cursors hold for a day. A page that slept longer begins anew, at the end.
        this.#next = null;
        this.#previous = null;
        this.#set({ lines: [], hasOlder: false, loaded: false });
      }
      throw error;
    }
  }

  async #readForward(signal?: AbortSignal): Promise<number> {
    let added = 0;
    for (let pages = 0; pages < PAGES_AT_ONCE; pages++) {
      const cursor = this.#next;
      const page = await this.read(cursor === null ? { from: "end", limit: PAGE } : { cursor, limit: PAGE }, signal);
      this.#next = page.next_cursor;
      added += page.events.length;
      if (cursor === null) {
        this.#previous = page.previous_cursor;
        // Equal cursors lead to the first line of a log that has none yet.
        this.#set({ lines: numbered(page.events, 0), loaded: true, hasOlder: page.previous_cursor !== page.next_cursor });
        break;
      }
      if (page.events.length > 0) {
        const start = (this.#snapshot.lines.at(-1)?.index ?? -1) + 1;
        this.#set({ lines: [...this.#snapshot.lines, ...numbered(page.events, start)] });
      }
      // A page may be empty although more follow; one that is far from full is the last for now.
      const more = page.next_cursor !== cursor && (page.events.length === 0 || page.events.length > PAGE / 2);
      if (!more) break;
    }
    return added;
  }

  /** Reads the page before the oldest line; gives the number of lines that came in front. */
  readOlder(signal?: AbortSignal): Promise<number> {
    this.#older ??= this.#readOlder(signal).finally(() => {
      this.#older = null;
    });
    return this.#older;
  }

  /** Reads everything that is older, up to `MOST_LINES`; again, it stops. */
  async readAll(): Promise<void> {
    if (this.#snapshot.readingAll) {
      this.#set({ readingAll: false });
      return;
    }
    this.#set({ readingAll: true });
    try {
      while (this.#snapshot.readingAll && this.#snapshot.hasOlder && this.#snapshot.lines.length < MOST_LINES) {
        if ((await this.readOlder()) === 0) break;
      }
    } finally {
      this.#set({ readingAll: false });
    }
  }

  async #readOlder(signal?: AbortSignal): Promise<number> {
    for (let pages = 0; pages < PAGES_AT_ONCE; pages++) {
      const cursor = this.#previous;
      if (cursor === null || !this.#snapshot.hasOlder) return 0;
      const page = await this.read({ cursor, limit: PAGE }, signal);
      // Begun anew in between: this page has no place any more.
      if (this.#previous !== cursor) return 0;
      this.#previous = page.previous_cursor;
      const start = (this.#snapshot.lines[0]?.index ?? 0) - page.events.length;
      this.#set({
        lines: page.events.length > 0 ? [...numbered(page.events, start), ...this.#snapshot.lines] : this.#snapshot.lines,
        hasOlder: page.previous_cursor !== cursor,
      });
      if (page.events.length > 0) return page.events.length;
    }
    return 0;
  }

  #set(change: Partial<LogSnapshot>): void {
    const hasGroups = this.#snapshot.hasGroups || (change.lines?.some((line) => line.group !== undefined) ?? false);
    this.#snapshot = { ...this.#snapshot, hasGroups, ...change };
    for (const listener of this.#listeners) listener();
  }
}

function numbered(events: readonly LogEvent[], start: number): LogLine[] {
  return events.map((event, offset) => {
    const line: LogLine = { index: start + offset, time: Date.parse(event.timestamp), text: visibleText(event.message) };
    const group = groupMark(event.message);
    if (group !== undefined) line.group = group;
    return line;
  });
}
