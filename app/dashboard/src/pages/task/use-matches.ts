/** The search through a log, in slices short enough that nobody notices, and only through lines that it has not seen. */

import { useEffect, useRef, useState } from "react";
import type { LogLine } from "../../data/log-buffer";
import { stripAnsi } from "../../domain/ansi";

export interface Matches {
  /** Indexes of the lines that match, rising. */
  found: readonly number[];
  /** Whether every line was looked at. */
  done: boolean;
}

const SLICE_MS = 8;
const STEP = 500;

interface Search {
  needle: string;
  /** Lines from `low` to before `high` (by index) were looked at. */
  low: number;
  high: number;
  found: number[];
}

const nothing: Matches = { found: [], done: true };
const begun: Matches = { found: [], done: false };

export function useMatches(lines: readonly LogLine[], needle: string): Matches {
  const search = useRef<Search | null>(null);
  const [matches, setMatches] = useState<Matches & { needle: string }>({ ...nothing, needle: "" });
  useEffect(() => {
    const first = lines[0];
    const last = lines.at(-1);
    if (needle === "" || !first || !last) {
      search.current = null;
      return;
    }
    let state = search.current;
    if (state === null || state.needle !== needle || state.high < first.index || state.low > last.index + 1) {
      state = search.current = { needle, low: last.index + 1, high: last.index + 1, found: [] };
    }
    const current = state;
    const look = (from: number, to: number) => {
      const hits: number[] = [];
      for (let index = from; index < to; index++) {
        const line = lines[index - first.index];
        if (line && stripAnsi(line.text).toLowerCase().includes(needle)) hits.push(index);
      }
      return hits;
    };
    let timer: ReturnType<typeof setTimeout> | undefined;
    const slice = () => {
      const until = performance.now() + SLICE_MS;
      const older: number[][] = [];
      // What is new comes first, then the way back: whoever searches wants the end of the log more than its start.
      while (performance.now() < until && (current.high <= last.index || current.low > first.index)) {
        if (current.high <= last.index) {
          const to = Math.min(last.index + 1, current.high + STEP);
          current.found.push(...look(current.high, to));
          current.high = to;
        } else {
          const from = Math.max(first.index, current.low - STEP);
          older.unshift(look(from, current.low));
          current.low = from;
        }
      }
      if (older.length > 0) current.found = [...older.flat(), ...current.found];
      const done = current.high > last.index && current.low <= first.index;
      setMatches({ found: current.found, done, needle });
      if (!done) timer = setTimeout(slice);
    };
    timer = setTimeout(slice);
    return () => clearTimeout(timer);
  }, [lines, needle]);
  return needle === "" || lines.length === 0 ? nothing : matches.needle === needle ? matches : begun;
}
