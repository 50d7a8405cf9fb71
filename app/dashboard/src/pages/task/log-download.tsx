/** The whole log as a file: reads it from its start, page by page, and says how far it is. */

import { useEffect, useRef, useState } from "react";
import { api } from "../../api/client";
import { stripAnsi } from "../../domain/ansi";
import { formatNumber } from "../../domain/format";
import { DownloadIcon } from "../../ui/icons";
import { usePreferences } from "../../ui/preferences";

export function DownloadButton({ taskId }: { taskId: string }) {
  const { text, language } = usePreferences();
  const [read, setRead] = useState<number | null>(null);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);
  const download = () => {
    if (stop.current) {
      stop.current.abort();
      return;
    }
    const controller = new AbortController();
    stop.current = controller;
    setRead(0);
    readAll(taskId, controller.signal, setRead)
      .then((parts) => save(parts, `${taskId}.log`))
      .catch(() => undefined)
      .finally(() => {
        stop.current = null;
        setRead(null);
      });
  };
  return (
    <button type="button" className="button button-quiet" onClick={download} title={text.log.download}>
      <DownloadIcon />
      <span className="tool-label">{read === null ? text.log.download : text.log.downloading(formatNumber(read, language))}</span>
    </button>
  );
}

async function readAll(taskId: string, signal: AbortSignal, onRead: (lines: number) => void): Promise<string[]> {
  const parts: string[] = [];
  let lines = 0;
  let page = await api.logs(taskId, { from: "start", limit: 1000 }, signal);
  for (;;) {
    parts.push(page.events.map((event) => `${stripAnsi(event.message.replace(/[\r\n]+$/, ""))}\n`).join(""));
    lines += page.events.length;
    onRead(lines);
    const next = await api.logs(taskId, { cursor: page.next_cursor, limit: 1000 }, signal);
    // The end: nothing came, and the cursor stands still.
    if (next.events.length === 0 && next.next_cursor === page.next_cursor) return parts;
    page = next;
  }
}

function save(parts: string[], name: string): void {
  const address = URL.createObjectURL(new Blob(parts, { type: "text/plain;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name.replaceAll(":", "-");
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
