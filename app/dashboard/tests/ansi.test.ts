import { describe, expect, it } from "vitest";
import { looksLikeError, markMatches, parseAnsi, stripAnsi } from "../src/domain/ansi";
import { visibleText } from "../src/data/log-buffer";

const E = "\u001b";

describe("terminal text", () => {
  it("plain text is one piece", () => {
    expect(parseAnsi("a < b & c")).toEqual([{ text: "a < b & c", style: {} }]);
    expect(parseAnsi("")).toEqual([]);
  });
  it("colours and attributes begin and end where they say", () => {
    expect(parseAnsi(`${E}[1;31mFAIL${E}[22m red${E}[39m plain${E}[0m`)).toEqual([
      { text: "FAIL", style: { bold: true, foreground: 1 } },
      { text: " red", style: { foreground: 1 } },
      { text: " plain", style: {} },
    ]);
  });
  it("knows bright, 256 and true colours, with semicolons and colons", () => {
    const foreground = (sequence: string) => parseAnsi(`${E}[${sequence}mx`)[0]?.style.foreground;
    expect(foreground("92")).toBe(10);
    expect(foreground("38;5;9")).toBe(9);
    expect(foreground("38;5;208")).toBe("rgb(255 135 0)");
    expect(foreground("38;5;255")).toBe("rgb(238 238 238)");
    expect(foreground("38;2;1;2;300")).toBe("rgb(1 2 255)");
    expect(foreground("38:2::1:2:3")).toBe("rgb(1 2 3)");
    expect(parseAnsi(`${E}[48;5;1;4mx`)[0]?.style).toEqual({ background: 1, underline: true });
  });
  it("an empty SGR resets, an unknown one changes nothing", () => {
    expect(parseAnsi(`${E}[31ma${E}[mb${E}[99mc`).map((piece) => piece.style)).toEqual([{ foreground: 1 }, {}]);
  });
  it.each([
    ["cursor and erase", `a${E}[2K${E}[1;5H${E}[?25lb`, "ab"],
    ["links and titles", `${E}]8;;https://example.com${E}\\link${E}]8;;${E}\\ ${E}]0;title\u0007x`, "link x"],
    ["an unfinished sequence", `a${E}[31`, "a"],
    ["progress by OSC 9;4", `${E}]9;4;1;50${E}\\done`, "done"],
    ["NUL, bell, backspace", "a\u0000\u0007\u0008b", "ab"],
    ["tabs stay", "a\tb", "a\tb"],
    ["C1 controls", "a\u009b31mb\u0085", "ab"],
  ])("drops %s", (_, line, text) => {
    expect(stripAnsi(line)).toBe(text);
    expect(parseAnsi(line).map((piece) => piece.text).join("")).toBe(text);
  });
  it("shows what a terminal shows after carriage returns", () => {
    expect(visibleText("10%\r50%\r100% done\r\n")).toBe("100% done");
    expect(visibleText("line\n")).toBe("line");
  });
  it("hostile lines take linear time", () => {
    const line = `${E}]`.repeat(50_000) + `${E}[`.repeat(50_000);
    const begin = performance.now();
    stripAnsi(line);
    expect(performance.now() - begin).toBeLessThan(1000);
  });
});

describe("search in a line", () => {
  const marked = (line: string, needle: string) => markMatches(parseAnsi(line), needle).map((piece) => (piece.match ? `[${piece.text}]` : piece.text)).join("");
  it("finds across colours, in any case, every time", () => {
    expect(marked(`Err${E}[31mor: er${E}[0mror`, "error")).toBe("[Err][or]: [er][ror]");
    expect(marked("aaaa", "aa")).toBe("[aa][aa]");
    expect(marked("nothing", "x")).toBe("nothing");
    expect(marked("text", "")).toBe("text");
  });
});

describe("what looks like an error", () => {
  it("takes the words of tools, and not their all-clear", () => {
    for (const line of ["error[E0382]: borrow", "FAILED tests/a.py", "| CREATE_FAILED | AWS::S3", "thread 'main' panicked at", "npm ERR! fatal"]) expect(looksLikeError(line), line).toBe(true);
    for (const line of ["test result: ok. 3 passed; 0 failed", "no errors found", "mirrored"]) expect(looksLikeError(line), line).toBe(false);
  });
});
