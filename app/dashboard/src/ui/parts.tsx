/** Small parts that every page uses. */

import { useEffect, useRef, useState, type ReactNode } from "react";
import type { StepStatus, Task } from "../api/types";
import { formatAge, formatCount, formatDuration, formatFullTime, formatRough, formatTime, isoDuration } from "../domain/format";
import { remaining, roundEstimate } from "../domain/estimate";
import { stalledFor } from "../domain/list";
import { useNow, useNowWhile, useOfNow } from "./clock";
import { AlertIcon, CheckIcon, CopyIcon, StatusIcon } from "./icons";
import { usePreferences, useText } from "./preferences";

export function StatusBadge({ status, percentage = null, stalled = false }: { status: StepStatus; percentage?: number | null; stalled?: boolean }) {
  const text = useText();
  return (
    <span className={`badge status-${stalled ? "stalled" : status}`} title={stalled ? text.stalled.meaning : undefined}>
      {stalled ? <AlertIcon /> : <StatusIcon status={status} percentage={percentage} size={14} />}
      {stalled ? text.stalled.word : text.status[status]}
    </span>
  );
}

/** How long something takes or took; it counts while there is no `end`. */
export function Duration({ start, end, running }: { start: string | null; end: string | null; running: boolean }) {
  const { language, text } = usePreferences();
  const now = useNowWhile(running && end === null);
  if (start === null) return <span className="quiet">{text.task.none}</span>;
  // Without an end, and not running: unknown, rather than growing for ever.
  if (end === null && !running) return <span className="quiet">{text.task.none}</span>;
  const length = (end === null ? now : Date.parse(end)) - Date.parse(start);
  return (
    <time className="numeric" dateTime={isoDuration(length)}>
      {formatDuration(length, language)}
    </time>
  );
}

/** A point in time, short, with the full form as its title. */
export function Moment({ at, full = false }: { at: string; full?: boolean }) {
  const { language } = usePreferences();
  const now = useNowWhile(false);
  const time = Date.parse(at);
  const long = formatFullTime(time, language);
  return (
    <time className="numeric" dateTime={at} title={long}>
      {full ? long : formatTime(time, now, language)}
    </time>
  );
}

/** A running task that said nothing for this long is worth a word. */
export const QUIET_AFTER_MS = 120_000;

/** Whether nobody has heard of a task's runner for too long. */
export function useStalled(task: Task): boolean {
  return useOfNow((now) => stalledFor(task, now) !== null);
}

/** The age of a task's last change; for a stalled one, how long its runner has been silent. */
export function ChangeAge({ task }: { task: Task }) {
  const { language, text } = usePreferences();
  const now = useNow();
  const silence = stalledFor(task, now);
  if (silence !== null) {
    return (
      <time className="numeric overdue" dateTime={task.heartbeat_at ?? undefined} title={text.stalled.meaning}>
        {text.stalled.since(formatAge(silence, language))}
      </time>
    );
  }
  const age = now - Date.parse(task.updated_at);
  const quiet = task.status === "running" && age > QUIET_AFTER_MS;
  const words = formatAge(age, language);
  return (
    <time className={quiet ? "numeric overdue" : "numeric"} dateTime={task.updated_at} title={formatFullTime(Date.parse(task.updated_at), language)}>
      {quiet ? text.list.quiet(words) : age < 2_000 ? text.list.now : text.list.changed(words)}
    </time>
  );
}

/** The bar of a task. It keeps its place and takes the colour of the end, when the task failed or was cancelled. */
export function ProgressBar({ task, large = false }: { task: Task; large?: boolean }) {
  const { language, text } = usePreferences();
  const { percentage, current, total } = task.progress;
  const stalled = useStalled(task);
  const indeterminate = percentage === null && task.status === "running";
  const filled = percentage ?? (task.status === "succeeded" ? 100 : 0);
  const fill = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    fill.current?.style.setProperty("--filled", `${filled}%`);
  }, [filled, indeterminate]);
  const values = indeterminate
    ? { "aria-valuetext": `${text.progress.done(formatCount(current, null, language))}, ${text.progress.unknown}` }
    : { "aria-valuenow": filled, "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuetext": `${filled}% ${total === null ? "" : formatCount(current, total, language)}`.trim() };
  return (
    <span className={`bar status-${stalled ? "stalled" : task.status}${large ? " bar-large" : ""}${indeterminate ? " bar-unknown" : ""}`} role="progressbar" aria-label={text.progress.of(task.name)} {...values}>
      <span className="bar-fill" ref={fill} />
    </span>
  );
}

/** "2m to 4m left", renewed with the clock. */
export function Remaining({ task }: { task: Task }) {
  const { language, text } = usePreferences();
  const now = useNowWhile(task.status === "running");
  const left = remaining(task, now);
  if (!left || !task.estimate) return null;
  const words = (value: number) => formatRough(roundEstimate(value), language);
  return (
    <span className="remaining numeric" title={text.progress.basis[task.estimate.basis]}>
      {text.progress.left(words(left.lowMs), words(left.highMs))}
    </span>
  );
}

/** Copies `value`, and says so for a moment. */
export function CopyButton({ value, label, children, className = "button" }: { value: string | (() => string); label: string; children?: ReactNode; className?: string }) {
  const text = useText();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1_600);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => void copyText(typeof value === "function" ? value() : value).then(setCopied);
  return (
    <button type="button" className={className} onClick={copy} aria-label={copied ? text.copied : label} title={copied ? text.copied : label}>
      {copied ? <CheckIcon /> : <CopyIcon />}
      {children}
      <span className="visually-hidden" role="status">{copied ? text.copied : ""}</span>
    </button>
  );
}

async function copyText(value: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(value);
    return true;
  } catch {
    // Without a secure origin there is no clipboard: the older way.
    const area = document.createElement("textarea");
    area.value = value;
    area.className = "visually-hidden";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

/** A command that a reader can take with them. */
export function Command({ value }: { value: string }) {
  const text = useText();
  return (
    <div className="command">
      <code>
        <span className="prompt" aria-hidden="true">$ </span>
        {value}
      </code>
      <CopyButton value={value} label={text.copy} className="button button-quiet" />
    </div>
  );
}

/** Text with what matched a search marked. */
export function Highlight({ text, words }: { text: string; words: string }) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return text;
  const pattern = new RegExp(`(${wanted.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "gi");
  // Every second part is a match: the pattern has one group.
  return text.split(pattern).map((part, index) => (index % 2 === 1 ? <mark key={index}>{part}</mark> : part));
}
