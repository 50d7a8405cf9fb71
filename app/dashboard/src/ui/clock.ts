/** One clock for all ages and durations on the page: it ticks once a second, and only while someone can see it. */

import { useSyncExternalStore } from "react";
import { serverNow } from "../api/clock";

const listeners = new Set<() => void>();
let now = serverNow();
let localNow = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  now = serverNow();
  localNow = Date.now();
  for (const listener of listeners) listener();
}

function update(): void {
  const wanted = listeners.size > 0 && document.visibilityState === "visible";
  if (wanted && timer === undefined) {
    tick();
    timer = setInterval(tick, 1000);
  } else if (!wanted && timer !== undefined) {
    clearInterval(timer);
    timer = undefined;
  }
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) document.addEventListener("visibilitychange", update);
  listeners.add(listener);
  if (timer === undefined) {
    now = serverNow();
    localNow = Date.now();
    if (document.visibilityState === "visible") timer = setInterval(tick, 1000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      document.removeEventListener("visibilitychange", update);
      update();
    }
  };
}

/** The server's time, renewed every second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

/** This machine's time, renewed every second: for the age of answers, whose times are local ones. */
export function useLocalNow(): number {
  return useSyncExternalStore(subscribe, () => localNow);
}

/** What `of` makes of the server's time; renders again only when that changes. */
export function useOfNow<T extends string | number | boolean>(of: (now: number) => T): T {
  return useSyncExternalStore(subscribe, () => of(now));
}

const idle = () => () => undefined;

/** As `useNow`, but standing still unless `ticking`: what has ended needs no clock. */
export function useNowWhile(ticking: boolean): number {
  return useSyncExternalStore(ticking ? subscribe : idle, () => now);
}
