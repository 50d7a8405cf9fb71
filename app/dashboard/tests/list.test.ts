import { describe, expect, it } from "vitest";
import { afterFirstPage, afterOlderPage, isWithin } from "../src/data/list-window";
import { arrange, atLeast, countByStatus, matchesSearch, sumCounts } from "../src/domain/list";
import { readListState, writeListState } from "../src/pages/list-state";
import { at, task } from "./make";

const page = (from: number, to: number, next_cursor: string | null) => ({
  tasks: Array.from({ length: from - to + 1 }, (_, index) => task({ task_id: `t${from - index}`, created_at: at(from - index), status: "succeeded" })),
  next_cursor,
});

describe("what ended", () => {
  const ended = (id: string, second: number) => task({ task_id: id, status: "succeeded", finished_at: at(second) });
  const order = (tasks: ReturnType<typeof task>[]) => arrange(tasks, "activity", 0).flatMap((item) => (item.kind === "task" ? [item.task.task_id] : []));
  it("keeps its order while tasks come, change and go", () => {
    const [a, b, c] = [ended("a", 1), ended("b", 2), ended("c", 3)];
    expect(order([a, b, c])).toEqual(["c", "b", "a"]);
    expect(order([a, b, c, ended("d", 2)])).toEqual(["c", "b", "d", "a"]);
    expect(order([ended("a", 9), c])).toEqual(["a", "c"]);
    expect(order([a, ended("e", 0), b, c])).toEqual(["c", "b", "a", "e"]);
    expect(order([])).toEqual([]);
  });
});

describe("how far the list is loaded", () => {
  it("a first page with more behind it ends at its oldest task", () => {
    expect(afterFirstPage(undefined, page(10, 6, "c"))).toEqual({ floor: at(6), top: at(10), cursor: "c" });
    expect(afterFirstPage(undefined, page(10, 6, null)).floor).toBeNull();
  });
  it("older pages move the floor down, to the very end", () => {
    const first = afterFirstPage(undefined, page(10, 6, "c"));
    const second = afterOlderPage(first, page(5, 3, "d"));
    expect(second).toMatchObject({ floor: at(3), cursor: "d" });
    expect(afterOlderPage(second, page(2, 1, null))).toMatchObject({ floor: null, cursor: null });
  });
  it("a renewed first page that still touches the last one keeps what was loaded below", () => {
    const loaded = afterOlderPage(afterFirstPage(undefined, page(10, 6, "c")), page(5, 3, "d"));
    expect(afterFirstPage(loaded, page(12, 8, "x"))).toEqual({ floor: at(3), top: at(12), cursor: "d" });
  });
  it("nothing new gives the same object, so that nothing renders", () => {
    const loaded = afterFirstPage(undefined, page(10, 6, "c"));
    expect(afterFirstPage(loaded, page(10, 6, "c"))).toBe(loaded);
  });
  it("a gap lets the older pages go, rather than hide tasks between", () => {
    const loaded = afterOlderPage(afterFirstPage(undefined, page(10, 6, "c")), page(5, 3, "d"));
    expect(afterFirstPage(loaded, page(30, 26, "y"))).toEqual({ floor: at(26), top: at(30), cursor: "y" });
  });
  it("what runs or waits is shown however old it is; what ended only within the window", () => {
    const window = afterFirstPage(undefined, page(10, 6, "c"));
    expect(isWithin(window, task({ created_at: at(1) }))).toBe(true);
    expect(isWithin(window, task({ created_at: at(1), status: "failed" }))).toBe(false);
    expect(isWithin(window, task({ created_at: at(7), status: "failed" }))).toBe(true);
  });
});

describe("order and search", () => {
  const tasks = [
    task({ task_id: "old-run", started_at: at(1) }),
    task({ task_id: "new-run", started_at: at(5) }),
    task({ task_id: "wait", status: "queued", started_at: null }),
    task({ task_id: "ended-first", status: "failed", finished_at: at(20) }),
    task({ task_id: "ended-last", status: "succeeded", finished_at: at(30) }),
  ];
  const ids = (sort: Parameters<typeof arrange>[1]) => arrange(tasks, sort, Date.parse(at(60))).map((item) => (item.kind === "task" ? item.task.task_id : `# ${item.section} ${item.count}`));
  it("by activity: running, waiting, ended, each with its count", () => {
    expect(ids("activity")).toEqual(["# running 2", "old-run", "new-run", "# queued 1", "wait", "# ended 2", "ended-last", "ended-first"]);
  });
  it("any other order is one plain list", () => {
    expect(ids("longest")).toEqual(["old-run", "new-run", "ended-last", "ended-first", "wait"]);
    expect(ids("name")).toHaveLength(5);
  });
  it("every word has to be found, in any field, in any case", () => {
    const labelled = task({ labels: { branch: "main" }, progress: { current: 1, total: 2, percentage: 50, phase: "Deploy", message: null, source: null, source_reason: null } });
    expect(matchesSearch(labelled, "BRANCH=main deploy npm")).toBe(true);
    expect(matchesSearch(labelled, "main missing")).toBe(false);
    expect(matchesSearch(labelled, "  ")).toBe(true);
  });
  it("counters add up, and are never less than what is seen", () => {
    const loaded = countByStatus(tasks);
    expect(loaded).toEqual({ running: 2, queued: 1, failed: 1, succeeded: 1, cancelled: 0 });
    expect(sumCounts([loaded, loaded]).running).toBe(4);
    expect(atLeast({ ...loaded, running: 0, failed: 9 }, loaded)).toMatchObject({ running: 2, failed: 9 });
  });
});

describe("the address", () => {
  it("keeps filters, search and order, and leaves defaults and others' parameters alone", () => {
    const state = { project: "web", status: "failed" as const, type: null, search: "a b", sort: "longest" as const };
    const written = writeListState(state, new URLSearchParams("steps=details"));
    expect(written.toString()).toBe("steps=details&project=web&status=failed&q=a+b&sort=longest");
    expect(readListState(written)).toEqual(state);
  });
  it("ignores what it does not know", () => {
    expect(readListState(new URLSearchParams("status=exploded&sort=<script>"))).toEqual({ project: null, status: null, type: null, search: "", sort: "activity" });
  });
});
