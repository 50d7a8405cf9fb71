/** What a reader can do to tasks: cancel and retry, one or many. The page shows the API's answer, and never its hope. */

import { ApiError, api } from "../api/client";
import { isTerminal, type Task, type TaskDetail } from "../api/types";
import type { DataLayer } from "./context";

export type TaskAction = "cancel" | "retry";

/** Whether the API would take `action` for a task in this state. */
export function allows(action: TaskAction, task: Pick<Task, "status">): boolean {
  return action === "cancel" ? !isTerminal(task.status) : isTerminal(task.status);
}

/** Does it to one task, and takes over the state that the API answers with. */
export async function act(data: DataLayer, action: TaskAction, taskId: string): Promise<Task> {
  const task = await api[action](taskId);
  data.entities.apply([task]);
  data.queries.setQueryData<TaskDetail>(["task", taskId], (known) => (known === undefined || known.version >= task.version ? known : { ...known, ...task }));
  data.connection.noteChange();
  // Its steps and its history may have changed with it.
  void data.queries.invalidateQueries({ queryKey: ["task", taskId] });
  return task;
}

export interface BulkResult {
  done: Task[];
  /** Tasks that the API would not change, with its words; such as one that ended in between. */
  refused: { task: Task; reason: string }[];
  /** Tasks of which nobody knows: the request was lost, or the API had a problem. */
  failed: { task: Task; error: ApiError }[];
}

/** Requests that are under way together at most. */
const AT_ONCE = 6;

/** Does it to all of `tasks`, a few at a time; `onProgress` hears how many have an answer. It goes on after an error. */
export async function actOnAll(data: DataLayer, action: TaskAction, tasks: readonly Task[], onProgress: (answered: number) => void): Promise<BulkResult> {
  const result: BulkResult = { done: [], refused: [], failed: [] };
  const waiting = [...tasks];
  let answered = 0;
  const work = async () => {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
      try {
        result.done.push(await act(data, action, task.task_id));
      } catch (error) {
        const known = error instanceof ApiError ? error : new ApiError("unreachable", String(error));
        if (known.kind === "request" || known.kind === "not-found") result.refused.push({ task, reason: known.message });
        else result.failed.push({ task, error: known });
      }
      answered += 1;
      onProgress(answered);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, tasks.length) }, work));
  return result;
}
