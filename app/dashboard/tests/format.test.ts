import { describe, expect, it } from "vitest";
import { formatAge, formatCount, formatDuration, formatLogTime, formatMark, formatRough, formatStepDuration, formatTime, isoDuration } from "../src/domain/format";

const S = 1000;
const M = 60 * S;
const H = 60 * M;

describe("durations", () => {
  it.each([
    [0, "0s", "0秒"],
    [59 * S + 999, "59s", "59秒"],
    [M, "1m 00s", "1分0秒"],
    [65 * S, "1m 05s", "1分5秒"],
    [H - 1, "59m 59s", "59分59秒"],
    [H + 4 * M, "1h 04m", "1時間4分"],
    [24 * H - 1, "23h 59m", "23時間59分"],
    [76 * H, "3d 4h", "3日4時間"],
    [-5, "0s", "0秒"],
  ])("%d ms has at most two units, in both languages", (length, en, ja) => {
    expect(formatDuration(length, "en")).toBe(en);
    expect(formatDuration(length, "ja")).toBe(ja);
  });
  it("shows tenths only while they matter", () => {
    expect(formatStepDuration(0, "en")).toBe("0.0s");
    expect(formatStepDuration(9_960, "en")).toBe("9.9s");
    expect(formatStepDuration(10_400, "en")).toBe("10s");
    expect(formatStepDuration(61_000, "en")).toBe("1m 01s");
  });
  it("says a rounded duration without a zero part", () => {
    expect(formatRough(45 * S, "en")).toBe("45s");
    expect(formatRough(12 * M, "en")).toBe("12m");
    expect(formatRough(12 * M, "ja")).toBe("12分");
    expect(formatRough(65 * M, "en")).toBe("1h 05m");
  });
  it("marks an axis without a part that is zero", () => {
    expect([0, 30 * S, M, 90 * S, H, 2 * H, 24 * H].map((mark) => formatMark(mark, "en"))).toEqual(["0s", "30s", "1m", "1m 30s", "1h", "2h", "1d"]);
    expect([0, M, 70 * S, 2 * H, 10 * M].map((mark) => formatMark(mark, "ja"))).toEqual(["0秒", "1分", "1分10秒", "2時間", "10分"]);
  });
  it("is ISO 8601 for machines", () => {
    expect(isoDuration(61_400)).toBe("PT61S");
    expect(isoDuration(-1)).toBe("PT0S");
  });
});

describe("ages", () => {
  it("round down to one unit and are never negative", () => {
    expect(["-3000", "0", "59999", "60000", "3599999", "86400000"].map((age) => formatAge(Number(age), "en"))).toEqual(["0s", "0s", "59s", "1m", "59m", "1d"]);
    expect(formatAge(3 * H, "ja")).toBe("3時間");
  });
});

describe("times and counts", () => {
  it("a time today is a clock time, an older one has its day, one of another year its year", () => {
    const now = new Date(2026, 10, 22, 13, 0).getTime();
    expect(formatTime(new Date(2026, 10, 22, 9, 5).getTime(), now, "ja")).toBe("09:05");
    expect(formatTime(new Date(2026, 10, 21, 9, 5).getTime(), now, "ja")).toContain("11月21日");
    expect(formatTime(new Date(2025, 10, 21, 9, 5).getTime(), now, "ja")).toContain("2025");
  });
  it("a log's time has milliseconds", () => {
    expect(formatLogTime(new Date(2026, 10, 22, 9, 5, 7, 42).getTime())).toBe("09:05:07.042");
  });
  it("a count shows its total only where there is one", () => {
    expect(formatCount(15, 29, "en")).toBe("15 / 29");
    expect(formatCount(48211, null, "en")).toBe("48,211");
  });
});
