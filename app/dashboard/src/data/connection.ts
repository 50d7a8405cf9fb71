/** What is known of the connection to the API: when it last answered, and since when it does not. */

import { ApiError } from "../api/client";

export interface Connection {
  /** Local time of the last good answer (a 304 counts); `null` before the first. */
  lastSuccess: number | null;
  /** Local time of the first failure after it; `null` while all is well. */
  failingSince: number | null;
  failures: number;
  error: ApiError | null;
  /** Local time at which the next try is due; `null` while one is under way or none is planned. */
  retryAt: number | null;
}

export type Freshness = "connecting" | "live" | "polling" | "catching-up" | "delayed" | "offline" | "failing";

export interface Road {
  /** The socket tells what changes. */
  told: boolean;
  /** A read is under way. */
  reading: boolean;
}

/** An answer that is this much older than the pace of polling explains is no longer called live. */
export const LIVE_SLACK_MS = 3_000;

/** The one word for the state of a connection. A single lost request is not news; it is retried first. */
export function freshness(connection: Connection, now: number, online: boolean, pace: number, road: Road): Freshness {
  if (!online) return "offline";
  if (connection.failures > 1 || (connection.failures > 0 && connection.lastSuccess === null)) return "failing";
  if (connection.lastSuccess === null) return "connecting";
  if (now - connection.lastSuccess <= pace + LIVE_SLACK_MS) return road.told ? "live" : "polling";
  return road.reading ? "catching-up" : "delayed";
}

/** Whether a failure says something about the connection, and not only about one request. */
export function isConnectionFailure(error: unknown): error is ApiError {
  return error instanceof ApiError && error.kind !== "not-found" && error.kind !== "request";
}

const initial: Connection = { lastSuccess: null, failingSince: null, failures: 0, error: null, retryAt: null };

export class ConnectionMonitor {
  #state: Connection = initial;
  #listeners = new Set<() => void>();
  #lastChange = Date.now();
  #lastFailure = 0;
  /** Milliseconds between two looks at what the page shows, as planned last. */
  pace = 1_000;

  state = (): Connection => this.#state;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  succeeded(at = Date.now()): void {
    this.#set({ ...initial, lastSuccess: at });
  }

  /** A request that began at `startedAt` failed. Requests that were under way together are one failure, not many. */
  failed(error: ApiError, at = Date.now(), startedAt = at): void {
    const sameRound = this.#state.failures > 0 && startedAt <= this.#lastFailure;
    this.#lastFailure = at;
    this.#set({
      ...this.#state,
      failures: this.#state.failures + (sameRound ? 0 : 1),
      failingSince: this.#state.failingSince ?? at,
      error,
      retryAt: null,
    });
  }

  retryPlanned(at: number): void {
    if (this.#state.failures > 0 && this.#state.retryAt === null) this.#set({ ...this.#state, retryAt: at });
  }

  /** Something changed, or the user did something: polling may go back to its quicker pace. */
  noteChange(at = Date.now()): void {
    this.#lastChange = at;
  }

  quietFor(at = Date.now()): number {
    return at - this.#lastChange;
  }

  #set(state: Connection): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
