/** The one data layer of the page. Both roads into it, polling and the socket, call `entities.apply` and `connection`. */

import { QueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useSyncExternalStore } from "react";
import { serverNow } from "../api/clock";
import { noteArrival, type Arrival } from "../api/observations";
import type { Step, Task, TaskDetail } from "../api/types";
import { ConnectionMonitor, isConnectionFailure } from "./connection";
import type { ListWindow } from "./list-window";
import { pollDelay } from "./polling";
import { PushConnection, openSocket, type Changes } from "./push";
import { isOlder, withChanges } from "./task-detail";
import { TaskEntities, isNewer } from "./task-entities";

export interface DataLayer {
  queries: QueryClient;
  entities: TaskEntities;
  connection: ConnectionMonitor;
  /** How far each list was loaded, by its filter. */
  windows: Map<string, ListWindow>;
  push: PushConnection;
  /** The steps that the socket told of each task that is followed: a read that began before must not lose them. */
  toldSteps: Map<string, Map<string, Step>>;
}

/** The channel on which the tasks of a list, or of one project, are told. */
export const listChannel = (project: string | null) => (project === null ? "tasks" : `project:${project}`);
export const taskChannel = (taskId: string) => `task:${taskId}`;

export function createDataLayer(): DataLayer {
  const entities = new TaskEntities();
  const connection = new ConnectionMonitor();
  const queries = new QueryClient({
    defaultOptions: {
      queries: {
        // Polling is the retry, at the pace of `pollDelay`.
        retry: false,
        staleTime: 0,
        gcTime: 10 * 60_000,
        networkMode: "always",
        refetchOnWindowFocus: "always",
        refetchOnReconnect: "always",
        refetchIntervalInBackground: true,
        structuralSharing: false,
      },
    },
  });
  entities.onTransition(() => {
    connection.noteChange();
    void queries.invalidateQueries({ queryKey: ["projects"] });
  });
  const toldSteps: DataLayer["toldSteps"] = new Map();
  const push = new PushConnection(openSocket, {
    changes: (changes) => {
      noteNews(entities, changes.tasks, "socket");
      if (applyChanges(queries, entities, toldSteps, changes)) connection.noteChange();
    },
    read: (channel) => {
      const [kind, id] = channel.split(/:(.*)/s);
      const filters = { queryKey: kind === "task" ? ["task", id] : ["tasks"], type: "active" } as const;
      // A first read that is under way began before the subscription, and may not have seen what changed in between.
      void queries.cancelQueries(filters).then(() => queries.refetchQueries(filters));
    },
    heard: () => connection.succeeded(),
  });
  return { queries, entities, connection, windows: new Map(), push, toldSteps };
}

/** Notes how old each change of a known task is as the page takes it over. */
export function noteNews(entities: TaskEntities, tasks: readonly Task[], road: Arrival["road"]): void {
  const now = serverNow();
  for (const task of tasks) {
    const known = entities.get(task.task_id);
    if (known === undefined || !isNewer(task, known)) continue;
    const changed = task.heartbeat_at !== null && task.heartbeat_at > task.updated_at ? task.heartbeat_at : task.updated_at;
    noteArrival({ at: Date.now(), ms: Math.max(0, now - Date.parse(changed)), road });
  }
}

/** Takes over what the socket told; says whether any task was news. */
function applyChanges(queries: QueryClient, entities: TaskEntities, toldSteps: DataLayer["toldSteps"], { tasks, steps, removed }: Changes): boolean {
  for (const { task_id: id, step } of steps) {
    const told = toldSteps.get(id) ?? new Map<string, Step>();
    const before = told.get(step.step_id);
    if (before === undefined || !isOlder(step, before)) told.set(step.step_id, step);
    toldSteps.set(id, told);
  }
  const ids = new Set([...tasks.map((task) => task.task_id), ...steps.map((step) => step.task_id)]);
  for (const id of ids) {
    queries.setQueryData<TaskDetail>(["task", id], (known) =>
      known === undefined
        ? known
        : withChanges(
            known,
            tasks.find((task) => task.task_id === id),
            steps.filter((step) => step.task_id === id).map(({ step }) => step),
          ),
    );
  }
  for (const id of removed) entities.remove(id);
  return entities.apply(tasks);
}

/** Has the socket tell what changes on `channel`, for as long as the component is there. */
export function useFollow(channel: string): void {
  const { push } = useData();
  useEffect(() => push.follow(channel), [push, channel]);
}

const Context = createContext<DataLayer | null>(null);
export const DataProvider = Context.Provider;

export function useData(): DataLayer {
  const data = useContext(Context);
  if (data === null) throw new Error("DataProvider is missing");
  return data;
}

/** Runs a read and lets the connection monitor know how it went. */
export async function observed<T>({ connection }: DataLayer, read: () => Promise<T>): Promise<T> {
  const startedAt = Date.now();
  try {
    const value = await read();
    connection.succeeded();
    return value;
  } catch (error) {
    if (isConnectionFailure(error)) connection.failed(error, Date.now(), startedAt);
    // The API did answer, if only that it has no such thing.
    else if (error instanceof Error && error.name === "ApiError") connection.succeeded();
    throw error;
  }
}

/**
 * The delay until the next poll of something that is `active`, `factor` times slower than the page's pulse. What the
 * socket tells on `channel` is only polled to make sure.
 */
export function nextPoll({ connection, push }: DataLayer, active: boolean, factor = 1, channel?: string): number {
  const { failures } = connection.state();
  const visible = document.visibilityState === "visible";
  const delay = pollDelay({ active, visible, failures, quietFor: connection.quietFor(), told: channel !== undefined && push.tells(channel) });
  if (factor === 1 && failures === 0) connection.pace = delay;
  return factor * delay;
}

export function useConnection() {
  const { connection } = useData();
  return useSyncExternalStore(connection.subscribe, connection.state);
}
