import { describe, expect, it } from "vitest";
import { ApiError } from "../src/api/client";
import { ConnectionMonitor, freshness, isConnectionFailure, LIVE_SLACK_MS } from "../src/data/connection";
import { pollDelay } from "../src/data/polling";

const calm = { active: false, visible: true, failures: 0, quietFor: 0 };

describe("the pace of polling", () => {
  it("is a second while something runs and is watched", () => {
    expect(pollDelay({ ...calm, active: true })).toBe(1000);
  });
  it("slows down when nothing runs, more when nothing happened for long, and most when nobody looks", () => {
    const idle = pollDelay(calm);
    const quiet = pollDelay({ ...calm, quietFor: 600_000 });
    const hidden = pollDelay({ ...calm, visible: false });
    expect(1000 < idle && idle < quiet && quiet < hidden).toBe(true);
    expect(pollDelay({ ...calm, visible: false, active: true })).toBeLessThan(hidden);
  });
  it("doubles after each failure up to half a minute, spread by a quarter", () => {
    const delays = [1, 2, 3, 4, 5, 9, 1000].map((failures) => pollDelay({ ...calm, active: true, failures }, 0.5));
    expect(delays).toEqual([2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    expect(pollDelay({ ...calm, active: true, failures: 5 }, 0)).toBe(22_500);
    expect(pollDelay({ ...calm, active: true, failures: 5 }, 1)).toBe(37_500);
  });
});

describe("freshness", () => {
  const told = { told: true, reading: false };
  const now = 1_000_000;
  const good = { lastSuccess: now - 1000, failingSince: null, failures: 0, error: null, retryAt: null };
  it("says by which road it is fresh, and that it reads what it missed", () => {
    expect(freshness(good, now, true, 1000, { told: false, reading: true })).toBe("polling");
    const late = { ...good, lastSuccess: now - 1000 - LIVE_SLACK_MS - 1 };
    expect(freshness(late, now, true, 1000, { told: true, reading: true })).toBe("catching-up");
  });
  it("is live only while answers are recent", () => {
    expect(freshness(good, now, true, 1000, told)).toBe("live");
    expect(freshness({ ...good, lastSuccess: now - 1000 - LIVE_SLACK_MS - 1 }, now, true, 1000, told)).toBe("delayed");
    // A slower pace is planned, and no delay.
    expect(freshness({ ...good, lastSuccess: now - 6000 }, now, true, 5000, told)).toBe("live");
  });
  it("is connecting before the first answer, and offline without a network", () => {
    expect(freshness({ ...good, lastSuccess: null }, now, true, 1000, told)).toBe("connecting");
    expect(freshness(good, now, false, 1000, told)).toBe("offline");
  });
  it("one lost request is not news, two are; before the first answer one is enough", () => {
    expect(freshness({ ...good, failures: 1 }, now, true, 1000, told)).toBe("live");
    expect(freshness({ ...good, failures: 2 }, now, true, 1000, told)).toBe("failing");
    expect(freshness({ ...good, failures: 1, lastSuccess: null }, now, true, 1000, told)).toBe("failing");
  });
  it("a missing task or a refused request is not the connection's fault", () => {
    expect(isConnectionFailure(new ApiError("not-found", "x", 404))).toBe(false);
    expect(isConnectionFailure(new ApiError("request", "x", 400))).toBe(false);
    expect(isConnectionFailure(new ApiError("server", "x", 503))).toBe(true);
    expect(isConnectionFailure(new Error("x"))).toBe(false);
  });
  it("requests that were under way together and fail are one failure", () => {
    const monitor = new ConnectionMonitor();
    monitor.failed(new ApiError("unreachable", "x"), 20, 10);
    monitor.failed(new ApiError("unreachable", "x"), 21, 11);
    expect(monitor.state().failures).toBe(1);
    monitor.failed(new ApiError("unreachable", "x"), 40, 30);
    expect(monitor.state().failures).toBe(2);
  });
  it("the monitor keeps when it began to fail, and forgets it with the next answer", () => {
    const monitor = new ConnectionMonitor();
    monitor.succeeded(10);
    monitor.failed(new ApiError("unreachable", "x"), 20);
    monitor.failed(new ApiError("timeout", "x"), 30);
    expect(monitor.state()).toMatchObject({ lastSuccess: 10, failingSince: 20, failures: 2 });
    monitor.succeeded(40);
    expect(monitor.state()).toMatchObject({ lastSuccess: 40, failingSince: null, failures: 0, error: null });
  });
});
