/** The list's filters and order, which live in the address, so that a view can be shared and kept. */

import { useCallback, useMemo } from "react";
import { useSearchParams } from "wouter";
import { TASK_STATUSES, type TaskStatus } from "../api/types";
import { SORTS, type Sort } from "../domain/list";

export interface ListState {
  project: string | null;
  status: TaskStatus | null;
  type: string | null;
  search: string;
  sort: Sort;
}

export function readListState(parameters: URLSearchParams): ListState {
  const status = parameters.get("status");
  const sort = parameters.get("sort");
  return {
    project: parameters.get("project") || null,
    status: TASK_STATUSES.find((known) => known === status) ?? null,
    type: parameters.get("type") || null,
    search: parameters.get("q") ?? "",
    sort: SORTS.find((known) => known === sort) ?? "activity",
  };
}

export function writeListState(state: ListState, parameters = new URLSearchParams()): URLSearchParams {
  const next = new URLSearchParams(parameters);
  const values = { project: state.project, status: state.status, type: state.type, q: state.search, sort: state.sort === "activity" ? null : state.sort };
  for (const [key, value] of Object.entries(values)) {
    if (value) next.set(key, value);
    else next.delete(key);
  }
  return next;
}

export function useListState(): [ListState, (change: Partial<ListState>) => void] {
  const [parameters, setParameters] = useSearchParams();
  const state = useMemo(() => readListState(parameters), [parameters]);
  const change = useCallback(
    (part: Partial<ListState>) => setParameters((before) => writeListState({ ...readListState(before), ...part }, before), { replace: true, state: history.state as unknown }),
    [setParameters],
  );
  return [state, change];
}
