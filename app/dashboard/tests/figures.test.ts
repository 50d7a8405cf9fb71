import { describe, expect, it } from "vitest";
import { cacheUse, quantile } from "../src/domain/figures";
import { stalledFor } from "../src/domain/list";
import { byDay, commands, endedRuns, runFigures } from "../src/domain/runs";
import { buildTree } from "../src/domain/steps";
import { differences, isNotable, stepPaths, usualDurations } from "../src/domain/usual";
import { at, step, task } from "./make";

describe("figures", () => {
  it("a quantile is a value that was seen", () => {
    expect(quantile([], 0.5)).toBeNull();
    expect(quantile([5], 0.99)).toBe(5);
    expect([0, 0.5, 0.9, 1].map((share) => quantile([10, 1, 9, 2, 8, 3, 7, 4, 6, 5], share))).toEqual([1, 5, 9, 10]);
  });
  it("a cache that was never asked has no rate", () => {
    expect(cacheUse([{ status: 200, cache: null }]).rate).toBeNull();
    expect(cacheUse([{ status: 304, cache: "hit" }, { status: 200, cache: "miss" }, { status: 200, cache: "bypass" }, { status: 200, cache: "hit" }])).toEqual({ hit: 2, miss: 1, bypass: 1, unchanged: 1, rate: 0.5 });
  });
  it("only a runner that promised signs of life can be missed", () => {
    const now = Date.parse(at(0)) + 60_000;
    expect(stalledFor(task({ heartbeat_at: null }), now)).toBeNull();
    expect(stalledFor(task({ heartbeat_at: at(1) }), now)).toBeNull();
    expect(stalledFor(task({ heartbeat_at: at(0) }), now)).toBe(60_000);
    expect(stalledFor(task({ heartbeat_at: at(0), status: "failed" }), now)).toBeNull();
  });
});

describe("runs of a project", () => {
  const run = (id: string, seconds: number, status: "succeeded" | "failed" | "cancelled" | "running", day = 22) =>
    task({ task_id: id, name: `make ${id[0]}`, status, started_at: new Date(2026, 10, day, 10, 0, 0).toISOString(), finished_at: status === "running" ? null : new Date(2026, 10, day, 10, 0, seconds).toISOString() });
  it("what was cancelled says nothing of success, and what failed nothing of the duration", () => {
    const runs = endedRuns([run("a1", 10, "succeeded"), run("a2", 30, "succeeded"), run("b1", 1, "failed"), run("b2", 2, "cancelled"), run("b3", 9, "running")]);
    expect(runFigures(runs)).toEqual({ count: 4, succeeded: 2, failed: 1, successRate: 2 / 3, median: 10_000, slow: 30_000 });
    expect(commands(runs)).toEqual([{ name: "make a", count: 2 }, { name: "make b", count: 2 }]);
    expect(runFigures([])).toMatchObject({ successRate: null, median: null });
  });
  it("days without a run are there, and the oldest go first", () => {
    const runs = endedRuns([run("a", 1, "succeeded", 20), run("b", 1, "failed", 22), run("c", 1, "succeeded", 22)]);
    expect(byDay(runs, 30).map((day) => day.runs.length)).toEqual([1, 0, 2]);
    expect(byDay(runs, 2).map((day) => day.runs.length)).toEqual([0, 2]);
    expect(byDay([], 2)).toEqual([]);
  });
});

describe("usual durations", () => {
  const detail = (seconds: number, name = "Table") => ({ ...task(), steps: [step("root", { name: "Stack" }), step(`id-${seconds}`, { name, parent_id: "root", finished_at: at(seconds) })] });
  it("steps are the same by where they are and what they are called, not by identifier", () => {
    const usual = usualDurations([detail(4), detail(6), detail(20)]);
    const tree = buildTree(detail(11).steps);
    expect(usual.get(stepPaths(tree).get("id-11") ?? "")).toBe(6_000);
  });
  it("small differences are none", () => {
    expect([isNotable(2_000, 100), isNotable(100_000, 95_000), isNotable(20_000, 10_000), isNotable(10_000, 20_000)]).toEqual([false, false, true, true]);
    expect(differences(buildTree(detail(20).steps), detail(5))).toEqual([{ name: "Table", taken: 20_000, before: 5_000 }]);
    expect(differences(buildTree(detail(20).steps), detail(5, "Other"))).toEqual([]);
  });
});
