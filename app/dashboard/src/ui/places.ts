/** Where the reader was on each page: going back finds the same place, going on starts at the top. */

import { useEffect, useLayoutEffect } from "react";
import { useLocation } from "wouter";

/** Scroll positions by the key that each entry of the browser's history carries in its state. */
const places = new Map<string, number>();
let location: string | null = null;
let previous: string | null = null;
let key: string | null = null;

/** Whether the page before this one, within Miyabi, was a list: then "back" is the browser's own. */
export function cameFromList(): boolean {
  return previous === "/" || (previous?.startsWith("/projects/") ?? false);
}

function knownKey(): string | null {
  const state = history.state as { key?: unknown } | null;
  return typeof state?.key === "string" ? state.key : null;
}

export function usePlaces(): void {
  const [path] = useLocation();
  useEffect(() => {
    history.scrollRestoration = "manual";
    const onScroll = () => {
      if (key !== null) places.set(key, window.scrollY);
    };
    window.addEventListener("scroll", onScroll, { passive: true });
    return () => window.removeEventListener("scroll", onScroll);
  }, []);
  useLayoutEffect(() => {
    if (location === path) return;
    previous = location;
    location = path;
    const known = knownKey();
    key = known ?? Math.random().toString(36).slice(2);
    if (known === null) history.replaceState({ key }, "");
    window.scrollTo(0, known === null ? 0 : (places.get(known) ?? 0));
  }, [path]);
}
