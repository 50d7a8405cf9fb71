/** The one data layer of the page. Roads into it (polling now, a socket later) call `entities.apply` and `connection`. */

import { QueryClient } from "@tanstack/react-query";
import { createContext, useContext, useSyncExternalStore } from "react";
import { ConnectionMonitor, isConnectionFailure } from "./connection";
import type { ListWindow } from "./list-window";
import { pollDelay } from "./polling";
import { TaskEntities } from "./task-entities";

export interface DataLayer {
  queries: QueryClient;
  entities: TaskEntities;
  connection: ConnectionMonitor;
  /** How far each list was loaded, by its filter. */
  windows: Map<string, ListWindow>;
}

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
  return { queries, entities, connection, windows: new Map() };
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
  try {
    const value = await read();
    connection.succeeded();
    return value;
  } catch (error) {
    if (isConnectionFailure(error)) connection.failed(error);
    // The API did answer, if only that it has no such thing.
    else if (error instanceof Error && error.name === "ApiError") connection.succeeded();
    throw error;
  }
}

/** The delay until the next poll of something that is `active`, `factor` times slower than the page's pulse. */
export function nextPoll({ connection }: DataLayer, active: boolean, factor = 1): number {
  const { failures } = connection.state();
  const visible = document.visibilityState === "visible";
  const delay = pollDelay({ active, visible, failures, quietFor: connection.quietFor() });
  if (factor === 1 && failures === 0) connection.pace = delay;
  return factor * delay;
}

export function useConnection() {
  const { connection } = useData();
  return useSyncExternalStore(connection.subscribe, connection.state);
}
