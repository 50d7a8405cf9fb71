import { describe, expect, it } from "vitest";
import { axisStep, buildTree, failureCauses, settle, timeRange } from "../src/domain/steps";
import { at, step } from "./make";

const shape = (nodes: ReturnType<typeof buildTree>): unknown => nodes.map((node) => (node.children.length ? [node.step.step_id, shape(node.children)] : node.step.step_id));

describe("the tree of steps", () => {
  it("puts children under their parents in the given order", () => {
    expect(shape(buildTree([step("s"), step("a", { parent_id: "s" }), step("t"), step("b", { parent_id: "s" }), step("a1", { parent_id: "a" })]))).toEqual([["s", [["a", ["a1"]], "b"]], "t"]);
  });
  it("loses no step: unknown parents and circles stand at the top", () => {
    expect(shape(buildTree([step("a", { parent_id: "nowhere" })]))).toEqual(["a"]);
    const circle = buildTree([step("a", { parent_id: "b" }), step("b", { parent_id: "a" }), step("self", { parent_id: "self" })]);
    const count = (nodes: ReturnType<typeof buildTree>): number => nodes.reduce((sum, node) => sum + 1 + count(node.children), 0);
    expect(count(circle)).toBe(3);
  });
  it("a parent may come after its children", () => {
    expect(shape(buildTree([step("a", { parent_id: "s" }), step("s")]))).toEqual([["s", ["a"]]]);
  });
  it("counts what is below, and what of it ended", () => {
    const [root] = buildTree([step("s"), step("a", { parent_id: "s", status: "running" }), step("a1", { parent_id: "a" }), step("b", { parent_id: "s", status: "skipped" })]);
    expect(root).toMatchObject({ descendants: 3, ended: 2, failed: false });
  });
  it("a failure's cause is the deepest failed step, the earliest first", () => {
    const tree = buildTree([
      step("s", { status: "failed", finished_at: at(60) }),
      step("late", { parent_id: "s", status: "failed", finished_at: at(50) }),
      step("early", { parent_id: "s", status: "failed", finished_at: at(40) }),
      step("other", { parent_id: "s", status: "cancelled" }),
    ]);
    expect(failureCauses(tree).map((node) => node.step.step_id)).toEqual(["early", "late"]);
  });
});

describe("the timeline", () => {
  it("spans from the first start to the last end, or to now while a step runs", () => {
    expect(timeRange([step("a", { started_at: at(2), finished_at: at(9) })], 0)).toEqual({ start: Date.parse(at(2)), end: Date.parse(at(9)) });
    expect(timeRange([step("a", { started_at: at(2), finished_at: null, status: "running" })], Date.parse(at(30)))?.end).toBe(Date.parse(at(30)));
    expect(timeRange([step("a", { started_at: null })], 0)).toBeNull();
  });
  it("ends with its task: what ran on is cut there, what waited never ran", () => {
    const settled = settle([step("a"), step("b", { status: "running", finished_at: null }), step("c", { status: "queued", started_at: null, finished_at: null })], at(30));
    expect(settled.map((each) => [each.status, each.finished_at])).toEqual([["succeeded", at(5)], ["skipped", at(30)], ["skipped", null]]);
    const done = [step("a")];
    expect(settle(done, at(30))).toBe(done);
  });
  it("has round marks", () => {
    expect([3_000, 90_000, 3_600_000, 86_400_000 * 10].map((span) => axisStep(span, 4) / 1000)).toEqual([1, 30, 900, 259_200]);
  });
});
