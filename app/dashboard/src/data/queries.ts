/** The reads of the page as hooks. Each polls for itself, and what it reads goes into the shared data layer. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { ApiError, api, type TaskFilter } from "../api/client";
import { isTerminal, type HistoryPoint, type Project, type Task, type TaskDetail } from "../api/types";
import { listChannel, nextPoll, noteNews, observed, taskChannel, useData, useFollow, type DataLayer } from "./context";
import { afterFirstPage, afterOlderPage, isWithin } from "./list-window";
import { LogBuffer } from "./log-buffer";
import { mergeDetail, withTold } from "./task-detail";
import { missingFrom } from "./task-entities";

const FIRST_PAGE = 50;
const OLDER_PAGE = 100;
/** Tasks that left a list and are read singly, at most this many at a time. */
const SINGLE_READS = 10;

const isActive = (task: Task) => !isTerminal(task.status);

function matches(task: Task, filter: TaskFilter): boolean {
  return (
    (!filter.project || task.project_id === filter.project) &&
    (!filter.type || task.task_type === filter.type) &&
    (!filter.status || task.status === filter.status)
  );
}

/** Reads tasks that should have been in a list and were not: they ended, or they are gone. */
async function readSingly(data: DataLayer, ids: string[], signal: AbortSignal): Promise<void> {
  const reads = ids.slice(0, SINGLE_READS).map(async (id) => {
    try {
      const { steps: _, ...task } = await api.task(id, signal);
      data.entities.apply([task]);
    } catch (error) {
      if (error instanceof ApiError && error.kind === "not-found") data.entities.remove(id);
    }
  });
  await Promise.all(reads);
}

async function readFirstPage(data: DataLayer, filter: TaskFilter, signal: AbortSignal) {
  const page = await observed(data, () => api.tasks(filter, { limit: FIRST_PAGE }, signal));
  noteNews(data.entities, page.tasks, "polling");
  data.entities.apply(page.tasks);
  if (page.next_cursor === null) {
    await readSingly(data, missingFrom(data.entities.all(), page.tasks, (task) => matches(task, filter)), signal);
  }
  return page;
}

export interface TaskListState {
  /** The tasks that match, newest first. */
  tasks: readonly Task[];
  /** `false` until the first page has come. */
  loaded: boolean;
  error: ApiError | null;
  hasMore: boolean;
  loadingMore: boolean;
  loadMore: () => void;
  refetch: () => void;
}

/** The list of tasks that match `filter`: its first page is kept fresh, older pages are loaded on demand. */
export function useTaskList(filter: TaskFilter): TaskListState {
  const data = useData();
  const project = filter.project ?? null;
  const status = filter.status ?? null;
  const type = filter.type ?? null;
  const key = JSON.stringify([project, status, type]);
  const [, redraw] = useState(0);
  const [loadingMore, setLoadingMore] = useState(false);

  const tasks = useSyncExternalStore(data.entities.subscribe, data.entities.all);
  const window = data.windows.get(key);
  const shown = useMemo(() => {
    const wanted = { project, status, type };
    return tasks.filter((task) => matches(task, wanted) && isWithin(window, task));
  }, [tasks, project, status, type, window]);
  const active = shown.some(isActive);
  const channel = listChannel(project);
  useFollow(channel);

  const first = useQuery({
    queryKey: ["tasks", key],
    queryFn: async ({ signal }) => {
      const page = await readFirstPage(data, { project, status, type }, signal);
      data.windows.set(key, afterFirstPage(data.windows.get(key), page));
      return page;
    },
    refetchInterval: () => nextPoll(data, active, 1, channel),
  });

  // What runs or waits is shown on top however old it is. Where the first page cannot hold it, it is read apart.
  const apart = status === null && first.data !== undefined && first.data.next_cursor !== null;
  useApart(data, { project, type, status: "running" }, apart, active, 1);
  useApart(data, { project, type, status: "queued" }, apart, active, 2);

  const busy = useRef(false);
  const loadMore = useCallback(() => {
    const current = data.windows.get(key);
    if (busy.current || !current?.cursor) return;
    busy.current = true;
    setLoadingMore(true);
    observed(data, () => api.tasks({ project, status, type }, { limit: OLDER_PAGE, cursor: current.cursor }))
      .then((page) => {
        // A first page may have come between and let the window go: then this page has no place any more.
        if (data.windows.get(key)?.cursor !== current.cursor) return;
        data.windows.set(key, afterOlderPage(current, page));
        data.entities.apply(page.tasks);
      })
      .catch(() => undefined)
      .finally(() => {
        busy.current = false;
        setLoadingMore(false);
        redraw((count) => count + 1);
      });
  }, [data, key, project, status, type]);

  const { refetch } = first;
  return {
    tasks: shown,
    loaded: first.data !== undefined,
    error: first.error instanceof ApiError ? first.error : null,
    hasMore: window?.cursor != null,
    loadingMore,
    loadMore,
    refetch: useCallback(() => void refetch(), [refetch]),
  };
}

/** Keeps the tasks of one status fresh in the data layer, beside a list that may not reach them. */
function useApart(data: DataLayer, filter: TaskFilter, enabled: boolean, active: boolean, factor: number): void {
  useQuery({
    queryKey: ["tasks", "apart", filter.project, filter.type, filter.status],
    queryFn: ({ signal }) => readFirstPage(data, filter, signal),
    enabled,
    refetchInterval: () => nextPoll(data, active, factor, listChannel(filter.project ?? null)),
  });
}

export interface TaskState {
  task: TaskDetail | undefined;
  notFound: boolean;
  error: ApiError | null;
  refetch: () => void;
}

/** One task with its steps, kept fresh. */
export function useTask(taskId: string): TaskState {
  const data = useData();
  const client = useQueryClient();
  const channel = taskChannel(taskId);
  useFollow(channel);
  const result = useQuery({
    queryKey: ["task", taskId],
    queryFn: async ({ signal }) => {
      const next = await observed(data, () => api.task(taskId, signal));
      const { steps: _, ...task } = next;
      noteNews(data.entities, [task], "polling");
      if (data.entities.apply([task])) data.connection.noteChange();
      const merged = mergeDetail(client.getQueryData<TaskDetail>(["task", taskId]), next);
      return withTold(merged, data.entities.get(taskId), data.toldSteps.get(taskId));
    },
    // An ended task may start another attempt: it is still looked at, at the slow pace.
    refetchInterval: (query) => nextPoll(data, query.state.data !== undefined && isActive(query.state.data), 1, channel),
  });
  const error = result.error instanceof ApiError ? result.error : null;
  const { refetch } = result;
  return {
    task: result.data,
    notFound: error?.kind === "not-found" && result.data === undefined,
    error,
    refetch: useCallback(() => void refetch(), [refetch]),
  };
}

/** Pages of a history that are read at most: 20,000 points. */
const HISTORY_PAGES = 20;

/** The progress of a task over time; while it runs, the state that is known goes at its end. */
export function useHistory(task: TaskDetail | undefined): readonly HistoryPoint[] {
  const data = useData();
  const taskId = task?.task_id ?? "";
  const settled = task !== undefined && !isActive(task);
  const query = useQuery({
    queryKey: ["history", taskId, task?.attempt, settled],
    enabled: task !== undefined,
    queryFn: async ({ signal }) => {
      const points: HistoryPoint[] = [];
      let cursor: string | null = null;
      for (let page = 0; page < HISTORY_PAGES; page++) {
        const next: Awaited<ReturnType<typeof api.history>> = await api.history(taskId, { cursor, limit: 1000 }, signal);
        points.push(...next.points);
        cursor = next.next_cursor;
        if (cursor === null) break;
      }
      return points;
    },
    placeholderData: (previous) => previous,
    refetchInterval: () => (settled ? false : nextPoll(data, true, 10)),
  });
  const points = query.data;
  return useMemo(() => {
    if (!task) return [];
    const known = points ?? [];
    const last = known.at(-1);
    const now: HistoryPoint = {
      time: task.updated_at,
      attempt: task.attempt,
      status: task.status,
      current: task.progress.current,
      total: task.progress.total,
      percentage: task.progress.percentage,
      phase: task.progress.phase,
    };
    return last && last.time >= now.time ? known : [...known, now];
  }, [points, task]);
}

/** Reads after the end of a task that bring nothing, until its log counts as complete. */
const READS_AFTER_THE_END = 20;

/** The log of a task, growing while it runs. */
export function useLog(taskId: string, task: TaskDetail | undefined) {
  const data = useData();
  const [buffer, setBuffer] = useState(() => LogBuffer.forTask(taskId));
  const last = useRef(taskId);
  useEffect(() => {
    if (last.current !== taskId) {
      last.current = taskId;
      setBuffer(LogBuffer.forTask(taskId));
    }
  }, [taskId]);
  const snapshot = useSyncExternalStore(buffer.subscribe, buffer.snapshot);
  const active = task !== undefined && isActive(task);
  const query = useQuery({
    queryKey: ["log", taskId],
    queryFn: async ({ signal }) => {
      await buffer.readForward(signal);
      return Date.now();
    },
    enabled: task !== undefined,
    refetchInterval: () => {
      const { emptyReads, failures } = buffer.snapshot();
      if (!active && emptyReads >= READS_AFTER_THE_END) return false;
      // The logs have a quota of their own: a log that rests is asked less often, one that fails much less.
      const factor = failures > 0 ? 2 ** Math.min(failures, 5) : emptyReads > 2 ? 2 : 1;
      return nextPoll(data, active, factor);
    },
  });
  return { ...snapshot, buffer, error: query.error instanceof ApiError ? query.error : null, refetch: query.refetch };
}

/** The projects with their counters. */
export function useProjects(): { projects: readonly Project[]; loaded: boolean; error: ApiError | null } {
  const data = useData();
  const query = useQuery({
    queryKey: ["projects"],
    queryFn: ({ signal }) => observed(data, () => api.projects(signal)),
    refetchInterval: () => nextPoll(data, false, 2),
  });
  return {
    projects: query.data?.projects ?? [],
    loaded: query.data !== undefined,
    error: query.error instanceof ApiError ? query.error : null,
  };
}
