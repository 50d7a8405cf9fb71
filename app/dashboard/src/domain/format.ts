/** Times, durations and numbers for people, in their language and their time zone. */

export type Language = "en" | "ja";

const UNITS = { en: { d: "d", h: "h", m: "m", s: "s", gap: " " }, ja: { d: "日", h: "時間", m: "分", s: "秒", gap: "" } } as const;

/** A duration in at most two units: `42s`, `1m 05s`, `2h 14m`, `3d 4h`. */
export function formatDuration(milliseconds: number, language: Language): string {
  const unit = UNITS[language];
  const pad = (value: number) => (language === "en" ? String(value).padStart(2, "0") : String(value));
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return `${seconds}${unit.s}`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}${unit.m}${unit.gap}${pad(seconds % 60)}${unit.s}`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours}${unit.h}${unit.gap}${pad(minutes % 60)}${unit.m}`;
  return `${Math.floor(hours / 24)}${unit.d}${unit.gap}${hours % 24}${unit.h}`;
}

/** A duration as a mark on an axis: without a part that is zero. */
export function formatMark(milliseconds: number, language: Language): string {
  return formatDuration(milliseconds, language).replace(/(?: 00[ms]|(?<=\D)0[分秒]| 0h|(?<=\D)0時間)$/, "");
}

/** A short duration with its fraction, for steps: `0.4s`, `12.3s`, then as `formatDuration`. */
export function formatStepDuration(milliseconds: number, language: Language): string {
  if (milliseconds < 0 || milliseconds >= 60_000) return formatDuration(milliseconds, language);
  const seconds = milliseconds / 1000;
  return `${seconds < 10 ? (Math.floor(seconds * 10) / 10).toFixed(1) : Math.floor(seconds)}${UNITS[language].s}`;
}

/** A rounded duration as one would say it: `45s`, `12m`, `1h 05m`. */
export function formatRough(milliseconds: number, language: Language): string {
  const unit = UNITS[language];
  if (milliseconds < 60_000) return `${Math.round(milliseconds / 1000)}${unit.s}`;
  if (milliseconds < 3_600_000) return `${Math.round(milliseconds / 60_000)}${unit.m}`;
  return formatDuration(milliseconds, language);
}

/** A duration as ISO 8601, for `<time datetime>`. */
export function isoDuration(milliseconds: number): string {
  return `PT${Math.max(0, Math.floor(milliseconds / 1000))}S`;
}

/** How long ago, in one unit, rounded down: `12s`, `3m`, `2h`, `5d`. */
export function formatAge(milliseconds: number, language: Language): string {
  const unit = UNITS[language];
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return `${seconds}${unit.s}`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}${unit.m}`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}${unit.h}`;
  return `${Math.floor(seconds / 86_400)}${unit.d}`;
}

const formats = new Map<string, Intl.DateTimeFormat>();
function dateFormat(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(language === "ja" ? "ja-JP" : undefined, options);
    formats.set(key, format);
  }
  return format;
}

function sameDay(left: Date, right: Date): boolean {
  return left.getFullYear() === right.getFullYear() && left.getMonth() === right.getMonth() && left.getDate() === right.getDate();
}

/** A point in time as short as it can be understood: the time today, else with its day, else with its year. */
export function formatTime(time: number, now: number, language: Language): string {
  const date = new Date(time);
  const today = new Date(now);
  const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  if (sameDay(date, today)) return dateFormat(language, clock).format(date);
  const day = { month: "short", day: "numeric" } as const;
  if (date.getFullYear() === today.getFullYear()) return dateFormat(language, { ...day, ...clock }).format(date);
  return dateFormat(language, { ...day, year: "numeric" }).format(date);
}

/** A day, short. */
export function formatDay(time: number, language: Language): string {
  return dateFormat(language, { month: "short", day: "numeric" }).format(new Date(time));
}

/** A point in time in full, with its zone. */
export function formatFullTime(time: number, language: Language): string {
  return dateFormat(language, { dateStyle: "medium", timeStyle: "long", hourCycle: "h23" }).format(new Date(time));
}

/** A line's time of day to the millisecond, in the local zone. */
export function formatLogTime(time: number): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

export function formatNumber(value: number, language: Language): string {
  return value.toLocaleString(language === "ja" ? "ja-JP" : "en-US");
}

/** `15 / 29`, or `15` while the total is unknown. */
export function formatCount(current: number, total: number | null, language: Language): string {
  return total === null ? formatNumber(current, language) : `${formatNumber(current, language)} / ${formatNumber(total, language)}`;
}
