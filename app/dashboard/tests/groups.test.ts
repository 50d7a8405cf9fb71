import { describe, expect, it } from "vitest";
import { fold, groupMark, groupOf, placeOf } from "../src/domain/groups";

const lines = (...messages: string[]) => messages.map((text, offset) => ({ index: offset - 2, text, group: groupMark(text) }));

describe("groups of lines", () => {
  it("are marked as GitHub, Azure and GitLab do, and by nothing else", () => {
    expect(groupMark("::group::Install tools")).toEqual({ opens: "Install tools" });
    expect(groupMark("##[group]Run npm ci")).toEqual({ opens: "Run npm ci" });
    expect([groupMark("::endgroup::"), groupMark("##[endgroup]")]).toEqual(["closes", "closes"]);
    expect(groupMark("\u001b[0Ksection_start:1560896352:build[collapsed=true]\r\u001b[0KBuild it")).toEqual({ opens: "Build it" });
    expect(groupMark("\u001b[0Ksection_end:1560896353:build\r\u001b[0K")).toBe("closes");
    for (const plain of ["", "--- a/file", "text ::group::x", "::warning::x", "a section_starting"]) expect(groupMark(plain)).toBeUndefined();
  });
  const log = lines("before", "::group::A", "a1", "a2", "::endgroup::", "between", "::group::B", "b1", "::group::C", "c1");
  it("lose their end marks, and their lines when closed", () => {
    const open = fold(log, new Set());
    expect(open.rows.map((line) => line.text)).toEqual(["before", "::group::A", "a1", "a2", "between", "::group::B", "b1", "::group::C", "c1"]);
    expect(open.parents).toEqual([null, null, -1, -1, null, null, 4, null, 6]);
    expect([...open.sizes]).toEqual([[-1, 2], [4, 1], [6, 1]]);
    expect(fold(log, new Set([-1, 4])).rows.map((line) => line.text)).toEqual(["before", "::group::A", "between", "::group::B", "::group::C", "c1"]);
  });
  it("know their lines", () => {
    expect([-2, -1, 0, 3, 5, 7].map((index) => groupOf(log, index))).toEqual([null, null, -1, null, 4, 6]);
    expect([placeOf(log, -2), placeOf(log, 3), placeOf(log, 99)]).toEqual([0, 5, 10]);
  });
});
