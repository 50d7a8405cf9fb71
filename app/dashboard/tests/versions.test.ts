import { describe, expect, it, vi } from "vitest";
import { mergeDetail, withTold } from "../src/data/task-detail";
import { TaskEntities, missingFrom } from "../src/data/task-entities";
import { at, step, task } from "./make";

describe("tasks never go back", () => {
  it("a lower or equal version changes nothing, whatever order answers come in", () => {
    const entities = new TaskEntities();
    entities.apply([task({ version: 5, status: "succeeded" })]);
    const before = entities.all();
    expect(entities.apply([task({ version: 4, status: "running" })])).toBe(false);
    expect(entities.apply([task({ version: 5, status: "failed" })])).toBe(false);
    expect(entities.all()).toBe(before);
    expect(entities.get("t1")?.status).toBe("succeeded");
    expect(entities.apply([task({ version: 6, status: "failed" })])).toBe(true);
  });
  it("lists newest first, and the id decides within a millisecond", () => {
    const entities = new TaskEntities();
    entities.apply([task({ task_id: "a", created_at: at(1) }), task({ task_id: "c", created_at: at(2) }), task({ task_id: "b", created_at: at(1) })]);
    expect(entities.all().map((each) => each.task_id)).toEqual(["c", "b", "a"]);
  });
  it("tells of a change of status once, and only for a task that was known", () => {
    const entities = new TaskEntities();
    const seen = vi.fn();
    entities.onTransition(seen);
    entities.apply([task({ version: 1 })]);
    entities.apply([task({ version: 2 })]);
    entities.apply([task({ version: 3, status: "failed" })]);
    entities.apply([task({ version: 3, status: "failed" })]);
    expect(seen).toHaveBeenCalledTimes(1);
    expect(seen.mock.calls[0]?.[0]).toMatchObject({ from: "running" });
  });
  it("an unfinished task that its list no longer has is looked up singly", () => {
    const known = [task({ task_id: "gone" }), task({ task_id: "listed" }), task({ task_id: "ended", status: "failed" }), task({ task_id: "other", project_id: "api" })];
    expect(missingFrom(known, [task({ task_id: "listed" })], (each) => each.project_id === "web")).toEqual(["gone"]);
  });
});

describe("a task with its steps", () => {
  const known = { ...task({ version: 5 }), steps: [step("a", { sequence: 9, status: "succeeded" }), step("b", { sequence: 3 })] };
  it("an older answer brings no step back and takes none away", () => {
    const merged = mergeDetail(known, { ...task({ version: 4 }), steps: [step("a", { sequence: 7, status: "running" })] });
    expect(merged.version).toBe(5);
    expect(merged.steps.map((each) => [each.step_id, each.status])).toEqual([["a", "succeeded"], ["b", "succeeded"]]);
  });
  it("a newer answer keeps the objects of steps that did not change", () => {
    const merged = mergeDetail(known, { ...task({ version: 6 }), steps: [step("a", { sequence: 9 }), step("b", { sequence: 4, status: "failed" })] });
    expect(merged.version).toBe(6);
    expect(merged.steps[0]).toBe(known.steps[0]);
    expect(merged.steps[1]?.status).toBe("failed");
  });
  it("another attempt may drop steps, and a step of a higher attempt wins over a higher sequence", () => {
    const merged = mergeDetail(known, { ...task({ version: 6, attempt: 2 }), steps: [step("a", { attempt: 2, sequence: 1, status: "running" })] });
    expect(merged.steps.map((each) => each.status)).toEqual(["running"]);
  });
});

describe("what the socket told while a task was being read", () => {
  const read = { ...task({ version: 5, sequence: 20 }), steps: [step("a", { sequence: 9 })] };
  it("a step that the read did not know of yet is kept", () => {
    const told = new Map([["b", step("b", { sequence: 21 })]]);
    expect(withTold(read, undefined, told).steps.map((each) => each.step_id)).toEqual(["a", "b"]);
    expect(told.size).toBe(1);
  });
  it("a step that the read knew is the read's, and is not kept for the next one", () => {
    const told = new Map([["b", step("b", { sequence: 20 })], ["c", step("c", { attempt: 0, sequence: 99 })]]);
    expect(withTold(read, undefined, told)).toBe(read);
    expect(told.size).toBe(0);
  });
  it("a newer state of the task is kept too", () => {
    expect(withTold(read, task({ version: 6, status: "failed" }), undefined)).toMatchObject({ version: 6, status: "failed", steps: read.steps });
    expect(withTold(read, task({ version: 5 }), undefined)).toBe(read);
  });
});
