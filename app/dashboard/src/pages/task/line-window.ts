/** Which lines are in view. Lines of one height need no table of heights, so that a million of them cost nothing. */

import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useState, type RefObject } from "react";

export interface LineWindow {
  total: number;
  items: { index: number; start: number; key: number }[];
  scrollTo: (index: number) => void;
  /** For lines whose height is not known before. */
  measure: ((element: Element | null) => void) | undefined;
}

const OVERSCAN = 20;

export function useLineWindow(scroller: RefObject<HTMLElement | null>, count: number, keyOf: (index: number) => number, height: number, wrap: boolean): LineWindow {
  const wrapped = useVirtualizer({ count, getScrollElement: () => scroller.current, estimateSize: () => height, getItemKey: keyOf, overscan: OVERSCAN, enabled: wrap });
  const [view, setView] = useState({ top: 0, height: 640 });
  useEffect(() => {
    const element = scroller.current;
    if (!element || wrap) return;
    const look = () =>
      setView((before) => {
        // Only whole lines: most scroll events then change nothing.
        const top = Math.floor(element.scrollTop / height) * height;
        return before.top === top && before.height === element.clientHeight ? before : { top, height: element.clientHeight };
      });
    look();
    element.addEventListener("scroll", look, { passive: true });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", look);
      observer.disconnect();
    };
  }, [scroller, wrap, height]);
  const scrollTo = useCallback(
    (index: number) => {
      const element = scroller.current;
      if (wrap) wrapped.scrollToIndex(index, { align: "center" });
      else if (element) element.scrollTop = index * height - element.clientHeight / 2;
    },
    [scroller, wrap, wrapped, height],
  );
  if (wrap) {
    const items = wrapped.getVirtualItems().map((item) => ({ index: item.index, start: item.start, key: keyOf(item.index) }));
    return { total: wrapped.getTotalSize(), items, scrollTo, measure: wrapped.measureElement };
  }
  const from = Math.max(0, Math.min(count - 1, Math.floor(view.top / height)) - OVERSCAN);
  const to = Math.min(count, Math.ceil((view.top + view.height) / height) + OVERSCAN);
  const items: LineWindow["items"] = [];
  for (let index = from; index < to; index++) items.push({ index, start: index * height, key: keyOf(index) });
  return { total: count * height, items, scrollTo, measure: undefined };
}
