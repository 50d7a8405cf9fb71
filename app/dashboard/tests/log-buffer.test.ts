import { describe, expect, it } from "vitest";
import { ApiError } from "../src/api/client";
import { LogBuffer, type ReadLog } from "../src/data/log-buffer";

/** A log as GetLogEvents shows it: a cursor at either end comes back unchanged. */
function source(lines: string[]): ReadLog {
  return async ({ cursor, from, limit }) => {
    const at = cursor === undefined ? null : Number(cursor.slice(2));
    let start: number;
    let end: number;
    if (cursor?.startsWith("b/")) {
      end = at ?? 0;
      start = Math.max(0, end - limit);
    } else if (at !== null || from === "start") {
      start = at ?? 0;
      end = Math.min(lines.length, start + limit);
    } else {
      end = lines.length;
      start = Math.max(0, end - limit);
    }
    return { events: lines.slice(start, end).map((message, index) => ({ timestamp: new Date(start + index).toISOString(), message })), next_cursor: `f/${end}`, previous_cursor: `b/${start}` };
  };
}

const numbers = (count: number, from = 1) => Array.from({ length: count }, (_, index) => `line ${from + index}`);

describe("a log that grows", () => {
  it("starts at its end, and each line comes once, in order", async () => {
    const lines = numbers(2_500);
    const buffer = new LogBuffer(source(lines));
    await buffer.readForward();
    expect(buffer.snapshot().lines.at(0)?.text).toBe("line 1501");
    lines.push(...numbers(2_200, 2_501));
    expect(await buffer.readForward()).toBe(2_200);
    expect(await buffer.readForward()).toBe(0);
    await buffer.readOlder();
    await buffer.readOlder();
    const { lines: all } = buffer.snapshot();
    expect(all.map((line) => line.text)).toEqual(numbers(4_700));
    expect(all.every((line, index) => index === 0 || line.index === (all[index - 1]?.index ?? 0) + 1)).toBe(true);
  });
  it("knows its beginning once it has seen it", async () => {
    const buffer = new LogBuffer(source(numbers(3)));
    await buffer.readForward();
    expect(buffer.snapshot()).toMatchObject({ loaded: true, hasOlder: true });
    expect(await buffer.readOlder()).toBe(0);
    expect(buffer.snapshot().hasOlder).toBe(false);
  });
  it("an empty log is loaded, has nothing older, and takes its first line", async () => {
    const lines: string[] = [];
    const buffer = new LogBuffer(source(lines));
    await buffer.readForward();
    expect(buffer.snapshot()).toMatchObject({ loaded: true, lines: [], emptyReads: 1 });
    lines.push("first");
    await buffer.readForward();
    expect(buffer.snapshot().lines.map((line) => line.text)).toEqual(["first"]);
    expect(buffer.snapshot().emptyReads).toBe(0);
  });
  it("two calls for older lines at once read one page", async () => {
    const buffer = new LogBuffer(source(numbers(2_500)));
    await buffer.readForward();
    await Promise.all([buffer.readOlder(), buffer.readOlder()]);
    expect(buffer.snapshot().lines).toHaveLength(2_000);
  });
  it("an empty page is not the end while its cursor moves, in either direction", async () => {
    const none = { events: [], previous_cursor: "-" };
    const line = (message: string) => [{ timestamp: new Date(0).toISOString(), message }];
    const pages: Record<string, Awaited<ReturnType<ReadLog>>> = {
      end: { events: line("3"), next_cursor: "f3", previous_cursor: "b3" },
      f3: { ...none, next_cursor: "f4" },
      f4: { ...none, next_cursor: "f5" },
      f5: { events: line("5"), next_cursor: "f6", previous_cursor: "-" },
      f6: { ...none, next_cursor: "f6" },
      b3: { events: [], next_cursor: "-", previous_cursor: "b2" },
      b2: { events: line("1"), next_cursor: "-", previous_cursor: "b1" },
    };
    const buffer = new LogBuffer(async ({ cursor }) => pages[cursor ?? "end"] ?? Promise.reject(new Error(String(cursor))));
    await buffer.readForward();
    expect(await buffer.readForward()).toBe(1);
    expect(await buffer.readOlder()).toBe(1);
    expect(buffer.snapshot().lines.map((each) => each.text)).toEqual(["1", "3", "5"]);
  });
  it("a cursor that has expired begins the log anew", async () => {
    const lines = numbers(3);
    const read = source(lines);
    let expired = false;
    const buffer = new LogBuffer((page, signal) => (expired && page.cursor ? Promise.reject(new ApiError("request", "cursor: within 24 hours", 400)) : read(page, signal)));
    await buffer.readForward();
    expired = true;
    await expect(buffer.readForward()).rejects.toThrow("24 hours");
    lines.push("line 4");
    await buffer.readForward();
    expect(buffer.snapshot().lines.map((each) => each.text)).toEqual(numbers(4));
  });
  it("a failed read keeps what is there and goes on from there", async () => {
    const lines = numbers(5);
    const read = source(lines);
    let broken = false;
    const buffer = new LogBuffer((page) => (broken ? Promise.reject(new Error("down")) : read(page)));
    await buffer.readForward();
    broken = true;
    await expect(buffer.readForward()).rejects.toThrow("down");
    broken = false;
    lines.push("line 6");
    await buffer.readForward();
    expect(buffer.snapshot().lines.map((line) => line.text)).toEqual(numbers(6));
  });
});
