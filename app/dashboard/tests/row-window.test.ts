import { describe, expect, it } from "vitest";
import { rowAt } from "../src/pages/row-window";

describe("the rows in view", () => {
  const offsets = Float64Array.from([0, 36, 106, 176, 242]);
  it("are found by where they are", () => {
    expect([-500, 0, 35, 36, 105, 106, 241, 9_999].map((at) => rowAt(offsets, at))).toEqual([0, 0, 0, 1, 1, 2, 3, 3]);
    expect(rowAt(Float64Array.from([0]), 10)).toBe(0);
  });
});
