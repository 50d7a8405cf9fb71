import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PushConnection, type Changes, type Socket } from "../src/data/push";
import { withChanges } from "../src/data/task-detail";
import { pollDelay } from "../src/data/polling";
import { step, task } from "./make";

class FakeSocket extends EventTarget implements Socket {
  sent: { action: string; channel?: string }[] = [];
  closed = false;
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.closed = true;
  }
  opens() {
    this.dispatchEvent(new Event("open"));
  }
  says(message: unknown) {
    this.dispatchEvent(new MessageEvent("message", { data: typeof message === "string" ? message : JSON.stringify(message) }));
  }
  closes() {
    this.dispatchEvent(new Event("close"));
  }
}

let sockets: FakeSocket[];
let read: string[];
let told: Changes[];
let push: PushConnection;
const last = () => sockets.at(-1) as FakeSocket;

beforeEach(() => {
  vi.useFakeTimers();
  [sockets, read, told] = [[], [], []];
  const open = () => {
    const socket = new FakeSocket();
    sockets.push(socket);
    return socket;
  };
  push = new PushConnection(open, { changes: (changes) => told.push(changes), read: (channel) => read.push(channel), heard: () => undefined });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the socket", () => {
  it("asks for what is followed, and reads what is there once it is told from then on", () => {
    push.follow("tasks");
    expect(last().sent).toEqual([]);
    last().opens();
    expect(last().sent).toEqual([{ action: "subscribe", channel: "tasks" }]);
    expect([push.tells("tasks"), read]).toEqual([false, []]);
    last().says({ type: "subscribed", channel: "tasks" });
    expect([push.tells("tasks"), read]).toEqual([true, ["tasks"]]);
    last().says({ type: "changes", sent_at: "", tasks: [task()] });
    expect(told).toEqual([{ tasks: [task()], steps: [], removed: [] }]);
    last().says({ type: "refresh", channel: "tasks" });
    expect(read).toEqual(["tasks", "tasks"]);
  });

  it("lets go of what nobody follows any more, but not of what is followed again at once", () => {
    const leave = push.follow("task:a");
    last().opens();
    last().says({ type: "subscribed", channel: "task:a" });
    leave();
    push.follow("task:a")();
    vi.advanceTimersByTime(1_000);
    const again = push.follow("task:a");
    vi.advanceTimersByTime(60_000 / 3);
    expect(last().sent.filter(({ action }) => action !== "ping")).toHaveLength(1);
    again();
    vi.advanceTimersByTime(5_000);
    expect(last().sent.at(-1)).toEqual({ action: "unsubscribe", channel: "task:a" });
    expect(push.tells("task:a")).toBe(false);
  });

  it("comes back after a loss, asks again, and reads again what it may have missed", () => {
    push.follow("tasks");
    last().opens();
    last().says({ type: "subscribed", channel: "tasks" });
    last().closes();
    expect(push.tells("tasks")).toBe(false);
    vi.advanceTimersByTime(2_000);
    expect(sockets).toHaveLength(2);
    last().opens();
    last().says({ type: "subscribed", channel: "tasks" });
    expect(read).toEqual(["tasks", "tasks"]);
  });

  it("finds out that the other side is gone, though nothing says so", () => {
    push.follow("tasks");
    last().opens();
    vi.advanceTimersByTime(30_000);
    expect(last().sent.at(-1)).toEqual({ action: "ping" });
    last().says({ type: "pong" });
    vi.advanceTimersByTime(30_000 + 10_000);
    expect(last().closed).toBe(true);
    vi.advanceTimersByTime(2_000);
    expect(sockets).toHaveLength(2);
  });

  it("hardly ever looks for one where there never was one, and at once when it is woken", () => {
    push.follow("tasks");
    last().closes();
    vi.advanceTimersByTime(3_000);
    last().closes();
    vi.advanceTimersByTime(200_000);
    expect(sockets).toHaveLength(2);
    push.wake();
    expect(sockets).toHaveLength(3);
  });

  it("takes no harm from what it does not understand", () => {
    push.follow("tasks");
    last().opens();
    for (const text of ["", "[]", "null", "1", '{"type":"later"}', '{"type":"problem","detail":"x"}']) last().says(text);
    expect([read, told]).toEqual([[], []]);
  });
});

describe("what the socket tells", () => {
  it("is polled only to make sure", () => {
    const active = { active: true, visible: true, failures: 0, quietFor: 0 };
    expect(pollDelay({ ...active, told: true })).toBeGreaterThan(10 * pollDelay(active));
    expect(pollDelay({ ...active, told: true, failures: 3 }, 0.5)).toBe(15_000);
  });

  it("changes the steps that it names, and never brings back an older one", () => {
    const known = { ...task({ version: 5 }), steps: [step("a", { sequence: 3 }), step("b", { sequence: 3 })] };
    const newer = step("a", { sequence: 4, name: "newer" });
    const older = step("b", { sequence: 2, name: "older" });
    const next = withChanges(known, task({ version: 4, name: "older" }), [newer, older, step("c", { sequence: 5 })]);
    expect(next.name).toBe(known.name);
    expect(next.steps.map(({ step_id, sequence }) => [step_id, sequence])).toEqual([["a", 4], ["b", 3], ["c", 5]]);
    expect(next.steps[1]).toBe(known.steps[1]);
  });
});
