/** Groups of lines that a tool marks in its output, so that a reader can fold them. */

/** What a line says of groups. */
export type GroupMark = { opens: string } | "closes";

// GitHub's and Azure's workflow commands, and GitLab's sections (whose title follows an erased mark).
const OPENS = /^(?:::group::|##\[group\])(.*)$/;
const CLOSES = /^(?:::endgroup::|##\[endgroup\])/;
const SECTION_OPENS = /section_start:\d+:[\w.-]+(?:\[[^\]]*\])?\r?(?:\u001b\[0K)?(.*)$/;
const SECTION_CLOSES = /section_end:\d+:[\w.-]+/;

/** The mark in a line as it was printed; nothing for nearly every line. */
export function groupMark(message: string): GroupMark | undefined {
  if (message.startsWith("::") || message.startsWith("##[")) {
    const opens = OPENS.exec(message);
    if (opens) return { opens: (opens[1] ?? "").trim() };
    return CLOSES.test(message) ? "closes" : undefined;
  }
  if (!message.includes("section_")) return undefined;
  // A section may close and another open in one line: the new one counts.
  const opens = SECTION_OPENS.exec(message);
  if (opens) return { opens: (opens[1] ?? "").trim() };
  return SECTION_CLOSES.test(message) ? "closes" : undefined;
}

interface Line {
  index: number;
  group?: GroupMark | undefined;
}

export interface Folded<T> {
  /** The lines that are shown. */
  rows: readonly T[];
  /** The group that each line of `rows` is in, by the index of its first line. */
  parents: readonly (number | null)[];
  /** Lines within each group, by the index of its first line. */
  sizes: ReadonlyMap<number, number>;
}

/**
 * The lines without those in `closed` groups, and without the marks of ends. Groups do not nest: as on GitHub, a new one
 * ends the one before, and so does an end.
 */
export function fold<T extends Line>(lines: readonly T[], closed: ReadonlySet<number>): Folded<T> {
  const rows: T[] = [];
  const parents: (number | null)[] = [];
  const sizes = new Map<number, number>();
  let group: number | null = null;
  for (const line of lines) {
    if (line.group === "closes") {
      group = null;
      continue;
    }
    if (line.group !== undefined) {
      group = line.index;
      sizes.set(group, 0);
      rows.push(line);
      parents.push(null);
      continue;
    }
    if (group !== null) sizes.set(group, (sizes.get(group) ?? 0) + 1);
    if (group !== null && closed.has(group)) continue;
    rows.push(line);
    parents.push(group);
  }
  return { rows, parents, sizes };
}

/** The group that the line with `index` is in, by the index of its first line. */
export function groupOf(lines: readonly Line[], index: number): number | null {
  const from = placeOf(lines, index);
  for (let at = from; at >= 0; at--) {
    const mark = lines[at]?.group;
    if (mark === "closes") return null;
    if (mark !== undefined) return at === from ? null : (lines[at]?.index ?? null);
  }
  return null;
}

/** The place of the line with `index` in lines that rise by it, or of the next one that there is. */
export function placeOf(lines: readonly Line[], index: number): number {
  let [low, high] = [0, lines.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((lines[middle]?.index ?? Infinity) < index) low = middle + 1;
    else high = middle;
  }
  return low;
}
