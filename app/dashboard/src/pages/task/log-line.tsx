/** One line of a log. Whatever it holds is text: nothing in it can become an element, an attribute or a link. */

import { memo, useMemo, type CSSProperties } from "react";
import type { LogLine as Line } from "../../data/log-buffer";
import { markMatches, parseAnsi, type Style } from "../../domain/ansi";
import { formatLogTime } from "../../domain/format";

/** Longer lines are cut on the screen (not in the download): a line of a megabyte would stop the browser. */
const SHOWN_CHARACTERS = 10_000;

interface Properties {
  line: Line;
  /** Its place from the start; `null` while the start is not known. */
  number: number | null;
  timestamps: boolean;
  needle: string;
  current: boolean;
  inGroup: boolean;
}

export const LogLine = memo(function LogLine({ line, number, timestamps, needle, current, inGroup }: Properties) {
  const pieces = useMemo(() => {
    const text = line.text.length > SHOWN_CHARACTERS ? `${line.text.slice(0, SHOWN_CHARACTERS)}…` : line.text;
    return markMatches(parseAnsi(text), needle);
  }, [line.text, needle]);
  return (
    <div className={`log-line${current ? " log-line-current" : ""}${inGroup ? " log-line-grouped" : ""}`}>
      <span className="log-number" aria-hidden="true">{number}</span>
      {timestamps && <time className="log-time" dateTime={new Date(line.time).toISOString()}>{formatLogTime(line.time)}</time>}
      <span className="log-text">
        {pieces.map((piece, index) => {
          const Tag = piece.match ? "mark" : "span";
          const look = appearance(piece.style);
          return <Tag key={index} className={look.className || undefined} style={look.style}>{piece.text}</Tag>;
        })}
      </span>
    </div>
  );
});

/** Classes for the theme's palette and attributes; a style for colours that the tool chose itself. */
function appearance(style: Style): { className: string; style: CSSProperties | undefined } {
  const classes: string[] = [];
  const own: CSSProperties = {};
  const foreground = style.inverse ? (style.background ?? "inverse") : style.foreground;
  const background = style.inverse ? (style.foreground ?? "inverse") : style.background;
  if (foreground === "inverse") classes.push("fg-inverse");
  else if (typeof foreground === "number") classes.push(`fg-${foreground}`);
  else if (foreground !== undefined) own.color = foreground;
  if (background === "inverse") classes.push("bg-inverse");
  else if (typeof background === "number") classes.push(`bg-${background}`);
  else if (background !== undefined) own.backgroundColor = background;
  for (const attribute of ["bold", "dim", "italic", "underline", "strike"] as const) if (style[attribute]) classes.push(`sgr-${attribute}`);
  return { className: classes.join(" "), style: Object.keys(own).length > 0 ? own : undefined };
}
