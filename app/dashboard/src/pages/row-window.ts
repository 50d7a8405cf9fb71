/**
 * Which rows of the list are in view, while the page itself scrolls. Every kind of row has one height, so that nothing is
 * measured and a hundred thousand rows cost one pass over numbers when the list changes, and nothing while it scrolls.
 */

import { useCallback, useLayoutEffect, useMemo, useState, useSyncExternalStore, type RefObject } from "react";
import type { ListItem } from "../domain/list";

const NARROW = "(max-width: 720px)";

function subscribeNarrow(listener: () => void): () => void {
  const query = matchMedia(NARROW);
  query.addEventListener("change", listener);
  return () => query.removeEventListener("change", listener);
}

/** Heights in px at a root font size of 16 px; with the margin below. `list.css` has the same places for them. */
function heightOf(item: ListItem, first: boolean, narrow: boolean): number {
  if (item.kind === "section") return first ? 36 : 46;
  const { status } = item.task;
  if (status === "running") return narrow ? 118 : 70;
  if (status === "queued") return narrow ? 94 : 70;
  if (!narrow) return 66;
  return status === "succeeded" ? 88 : 114;
}

/** Rows above and below the view that exist too. */
const OVERSCAN = 8;
/** What covers the top of the view, and air. */
const HEAD = 70;
const FOOT = 24;

/** The first row that ends below `at`; `offsets` are the rows' tops, and the end of the last. */
export function rowAt(offsets: Float64Array, at: number): number {
  let [low, high] = [0, Math.max(0, offsets.length - 2)];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((offsets[middle + 1] ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

export interface RowWindow {
  total: number;
  rows: { index: number; top: number; height: number }[];
  /** Brings a row into view, if it is not. */
  reveal: (index: number) => void;
}

export function useRowWindow(body: RefObject<HTMLElement | null>, items: readonly ListItem[]): RowWindow {
  const narrow = useSyncExternalStore(subscribeNarrow, () => matchMedia(NARROW).matches);
  // Whoever has larger letters gets higher rows.
  const [scale] = useState(() => (Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16) / 16);
  const offsets = useMemo(() => {
    const tops = new Float64Array(items.length + 1);
    let top = 0;
    items.forEach((item, index) => {
      tops[index] = top;
      top += heightOf(item, index === 0, narrow) * scale;
    });
    tops[items.length] = top;
    return tops;
  }, [items, narrow, scale]);

  const [view, setView] = useState({ from: 0, to: 20 });
  useLayoutEffect(() => {
    const look = () => {
      const above = -(body.current?.getBoundingClientRect().top ?? 0);
      const from = rowAt(offsets, above);
      const to = rowAt(offsets, above + window.innerHeight) + 1;
      setView((before) => (before.from === from && before.to === to ? before : { from, to }));
    };
    look();
    window.addEventListener("scroll", look, { passive: true });
    window.addEventListener("resize", look);
    return () => {
      window.removeEventListener("scroll", look);
      window.removeEventListener("resize", look);
    };
  }, [body, offsets]);

  const reveal = useCallback(
    (index: number) => {
      const start = body.current?.getBoundingClientRect().top ?? 0;
      const [top, bottom] = [start + (offsets[index] ?? 0), start + (offsets[index + 1] ?? 0)];
      if (top < HEAD) window.scrollBy(0, top - HEAD);
      else if (bottom > window.innerHeight - FOOT) window.scrollBy(0, bottom - window.innerHeight + FOOT);
    },
    [body, offsets],
  );

  const rows: RowWindow["rows"] = [];
  for (let index = Math.max(0, view.from - OVERSCAN); index < Math.min(items.length, view.to + OVERSCAN); index++) {
    const top = offsets[index] ?? 0;
    rows.push({ index, top, height: (offsets[index + 1] ?? top) - top });
  }
  return { total: offsets[items.length] ?? 0, rows, reveal };
}
