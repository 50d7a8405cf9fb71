/** Terminal text to styled pieces: SGR colours and attributes are read, every other control sequence is dropped. */

export interface Style {
  /** 0 to 255: the terminal palette; or a CSS colour. */
  foreground?: number | string;
  background?: number | string;
  bold?: boolean;
  dim?: boolean;
  italic?: boolean;
  underline?: boolean;
  strike?: boolean;
  inverse?: boolean;
}

export interface Piece {
  text: string;
  style: Style;
}

// CSI … final | OSC/DCS/APC/PM/SOS … (BEL or ST) | two-character escapes | C1 CSI | other controls but TAB.
const CONTROL =
  // oxlint-disable-next-line no-control-regex
  /(?:\u001b\[|\u009b)([0-?]*)[ -/]*([@-~]?)|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\|$)|\u001b[ -/]*[0-~]?|[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g;

const PLAIN: Style = {};

/** Splits one line into pieces of one style each. */
export function parseAnsi(line: string): Piece[] {
  // oxlint-disable-next-line no-control-regex
  if (!/[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/.test(line)) return line === "" ? [] : [{ text: line, style: PLAIN }];
  const pieces: Piece[] = [];
  let style = PLAIN;
  let from = 0;
  for (const match of line.matchAll(CONTROL)) {
    if (match.index > from) push(pieces, line.slice(from, match.index), style);
    from = match.index + match[0].length;
    if (match[2] === "m") style = applySgr(style, match[1] ?? "");
  }
  if (from < line.length) push(pieces, line.slice(from), style);
  return pieces;
}

/** The text that a reader sees. */
export function stripAnsi(line: string): string {
  return line.replace(CONTROL, "");
}

function push(pieces: Piece[], text: string, style: Style): void {
  const last = pieces.at(-1);
  if (last && last.style === style) last.text += text;
  else pieces.push({ text, style });
}

/** `style` after the parameters of one SGR sequence. Unknown parameters change nothing. */
function applySgr(style: Style, parameters: string): Style {
  const next: Style = { ...style };
  // Sub-parameters by colon (`38:2::r:g:b`) are read as the older semicolon form.
  const codes = parameters.split(";").flatMap((parameter) => {
    const parts = parameter.split(":");
    if (parts.length > 1 && parts[0] === "4") return [parts[1] === "0" ? 24 : 4];
    if (parts.length === 6) parts.splice(2, 1);
    return parts.map((part) => (part === "" ? 0 : Number(part)));
  });
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) {
      const [colour, used] = extendedColour(codes, at + 1);
      at += used;
      if (colour !== null) next[code === 38 ? "foreground" : "background"] = colour;
      continue;
    }
    simpleSgr(next, code);
  }
  return Object.keys(next).length === 0 ? PLAIN : next;
}

function simpleSgr(style: Style, code: number): void {
  if (code === 0) for (const key of Object.keys(style)) delete style[key as keyof Style];
  else if (code === 1) style.bold = true;
  else if (code === 2) style.dim = true;
  else if (code === 3) style.italic = true;
  else if (code === 4 || code === 21) style.underline = true;
  else if (code === 7) style.inverse = true;
  else if (code === 9) style.strike = true;
  else if (code === 22) {
    delete style.bold;
    delete style.dim;
  } else if (code === 23) delete style.italic;
  else if (code === 24) delete style.underline;
  else if (code === 27) delete style.inverse;
  else if (code === 29) delete style.strike;
  else if (code >= 30 && code <= 37) style.foreground = code - 30;
  else if (code === 39) delete style.foreground;
  else if (code >= 40 && code <= 47) style.background = code - 40;
  else if (code === 49) delete style.background;
  else if (code >= 90 && code <= 97) style.foreground = code - 82;
  else if (code >= 100 && code <= 107) style.background = code - 92;
}

/** The colour after 38 or 48, and how many parameters it took. */
function extendedColour(codes: number[], at: number): [number | string | null, number] {
  const byte = (offset: number) => Math.min(255, Math.max(0, codes[at + offset] ?? 0));
  if (codes[at] === 5) return [paletteColour(byte(1)), 2];
  if (codes[at] === 2) return [`rgb(${byte(1)} ${byte(2)} ${byte(3)})`, 4];
  return [null, codes.length];
}

/** The first 16 are the theme's; the cube and the greys are fixed. */
function paletteColour(index: number): number | string {
  if (index < 16) return index;
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return `rgb(${grey} ${grey} ${grey})`;
  }
  const level = (value: number) => (value === 0 ? 0 : 55 + value * 40);
  const cube = index - 16;
  return `rgb(${level(Math.floor(cube / 36))} ${level(Math.floor(cube / 6) % 6)} ${level(cube % 6)})`;
}

/** `pieces` cut at every occurrence of `needle` (in lower case), each piece telling whether it is within one. */
export function markMatches(pieces: readonly Piece[], needle: string): (Piece & { match: boolean })[] {
  const text = pieces.map((piece) => piece.text).join("").toLowerCase();
  const marked: (Piece & { match: boolean })[] = [];
  let next = needle === "" ? -1 : text.indexOf(needle);
  let at = 0;
  for (const piece of pieces) {
    let from = 0;
    while (from < piece.text.length) {
      const matchEnd = next + needle.length;
      if (next !== -1 && at >= matchEnd) {
        next = text.indexOf(needle, matchEnd);
        continue;
      }
      const match = next !== -1 && at >= next;
      const stop = next === -1 ? Infinity : match ? matchEnd : next;
      const length = Math.min(piece.text.length - from, stop - at);
      marked.push({ text: piece.text.slice(from, from + length), style: piece.style, match });
      from += length;
      at += length;
    }
  }
  return marked;
}

/** Whether a line speaks of an error: what "jump to error" looks for. */
export function looksLikeError(text: string): boolean {
  return /\b(?:error|errors|failed|failure|fatal|panic(?:ked)?|exception|traceback|CREATE_FAILED|UPDATE_FAILED|DELETE_FAILED)\b|[✗✖❌]/i.test(text) && !/\b(?:0|no) (?:errors?|failed|failures?)\b/i.test(text);
}
