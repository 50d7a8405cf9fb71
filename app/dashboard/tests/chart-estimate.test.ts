import { describe, expect, it } from "vitest";
import { progressChart } from "../src/domain/chart";
import { remaining, roundEstimate } from "../src/domain/estimate";
import type { HistoryPoint } from "../src/api/types";
import { at, task } from "./make";

const point = (seconds: number, percentage: number | null, fields: Partial<HistoryPoint> = {}): HistoryPoint => ({
  time: at(seconds), attempt: 1, status: "running", current: percentage ?? seconds, total: percentage === null ? null : 100, percentage, phase: "deploy", ...fields,
});

describe("the chart", () => {
  it("shows one attempt only, by percent where that is known", () => {
    const chart = progressChart([point(1, 90), point(2, 10, { attempt: 2 }), point(3, 50, { attempt: 2 })], 2, Date.parse(at(2)), Date.parse(at(9)));
    expect(chart).toMatchObject({ unit: "percent", end: Date.parse(at(9)) });
    expect(chart?.points.map((each) => each.level)).toEqual([0.1, 0.5]);
  });
  it("counts units where no total was ever known", () => {
    expect(progressChart([point(1, null), point(4, null)], 1, null, 0)).toMatchObject({ unit: "count", highest: 4 });
    expect(progressChart([], 1, null, 0)).toBeNull();
    expect(progressChart([point(1, 50)], 1, null, 0)).toBeNull();
  });
  it("thins out long histories and keeps the last reading", () => {
    const history = Array.from({ length: 5_000 }, (_, index) => point(index, Math.floor(index / 50)));
    const chart = progressChart(history, 1, null, 0);
    expect(chart?.points.length).toBeLessThan(700);
    expect(chart?.points.at(-1)?.level).toBe(0.99);
  });
  it("has a band for each phase, without gaps", () => {
    const chart = progressChart([point(0, 0, { phase: "plan" }), point(5, 10), point(6, 20), point(9, 20, { phase: "rollback" })], 1, null, Date.parse(at(20)));
    expect(chart?.phases.map((band) => [band.phase, (band.end - band.start) / 1000])).toEqual([["plan", 5], ["deploy", 4], ["rollback", 11]]);
  });
});

describe("time left", () => {
  const running = task({ estimate: { earliest: at(100), latest: at(160), basis: "tasks" } });
  it("is what is left of the API's range", () => {
    expect(remaining(running, Date.parse(at(40)))).toEqual({ lowMs: 60_000, highMs: 120_000 });
    expect(remaining(running, Date.parse(at(130)))).toEqual({ lowMs: 0, highMs: 30_000 });
  });
  it("is nothing once the range has passed, without one, and at the end", () => {
    expect(remaining(running, Date.parse(at(160)))).toBeNull();
    expect(remaining(task(), Date.parse(at(1)))).toBeNull();
    expect(remaining({ ...running, status: "succeeded" }, Date.parse(at(40)))).toBeNull();
  });
  it("is rounded as one would say it", () => {
    expect([1_000, 47_000, 95_000, 3_700_000].map(roundEstimate)).toEqual([5_000, 45_000, 120_000, 3_600_000]);
  });
});
