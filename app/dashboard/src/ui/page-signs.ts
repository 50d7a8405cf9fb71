/** The tab's title and icon: both show progress, so that the page can be left in the background. */

import { useEffect } from "react";
import type { TaskStatus } from "../api/types";

const COLOURS: Record<TaskStatus, string> = {
  queued: "#a87c1c",
  running: "#3f7be0",
  succeeded: "#2f9358",
  failed: "#d2423a",
  cancelled: "#827c74",
};

/** A ring that is closed as far as the work is done, as an SVG document. */
export function ringIcon(status: TaskStatus, percentage: number | null): string {
  const circumference = 2 * Math.PI * 11.5;
  const done = status === "running" ? (percentage ?? 28) / 100 : 1;
  const cross = status === "failed" ? `<path d="m11 11 10 10m0-10-10 10" stroke="${COLOURS.failed}" stroke-width="5" stroke-linecap="round"/>` : "";
  const tick = status === "succeeded" ? `<path d="m10.5 16.5 4 4 7.5-8.5" fill="none" stroke="${COLOURS.succeeded}" stroke-width="4.5" stroke-linecap="round" stroke-linejoin="round"/>` : "";
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="11.5" fill="none" stroke="#8b94a8" stroke-opacity=".35" stroke-width="6"/>` +
    `<circle cx="16" cy="16" r="11.5" fill="none" stroke="${COLOURS[status]}" stroke-width="6" stroke-linecap="round" stroke-dasharray="${(done * circumference).toFixed(1)} 99" transform="rotate(-90 16 16)"/>${cross}${tick}</svg>`
  );
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title;
  }, [title]);
}

/** Shows `icon` (an SVG document) in the tab; `null`: the page's own. */
export function useFavicon(icon: string | null): void {
  useEffect(() => {
    const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (link) link.href = icon === null ? "/favicon.svg" : `data:image/svg+xml,${encodeURIComponent(icon)}`;
  }, [icon]);
}
