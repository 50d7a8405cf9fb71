/**
 * Every task that the page knows, by id, whatever road it came by: lists, single tasks, and later a socket.
 * A task never goes back to a lower version.
 */

import { isTerminal, type Task } from "../api/types";

export interface Transition {
  task: Task;
  from: Task["status"];
}

/** Whether `next` may take the place of `known`. */
export function isNewer(next: Pick<Task, "version">, known: Pick<Task, "version"> | undefined): boolean {
  return known === undefined || next.version > known.version;
}

export class TaskEntities {
  #tasks = new Map<string, Task>();
  #snapshot: readonly Task[] = [];
  #listeners = new Set<() => void>();
  #transitionListeners = new Set<(transition: Transition) => void>();

  /** Takes over what is newer, and tells whether anything was. */
  apply(tasks: Iterable<Task>): boolean {
    const transitions: Transition[] = [];
    let changed = false;
    for (const task of tasks) {
      const known = this.#tasks.get(task.task_id);
      if (!isNewer(task, known)) continue;
      this.#tasks.set(task.task_id, task);
      changed = true;
      if (known && known.status !== task.status) transitions.push({ task, from: known.status });
    }
    if (changed) this.#publish();
    for (const transition of transitions) for (const listener of this.#transitionListeners) listener(transition);
    return changed;
  }

  /** Forgets a task that is gone, such as one whose time is over. */
  remove(taskId: string): void {
    if (this.#tasks.delete(taskId)) this.#publish();
  }

  get(taskId: string): Task | undefined {
    return this.#tasks.get(taskId);
  }

  /** All tasks, newest first; the same array until something changes. */
  all = (): readonly Task[] => this.#snapshot;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  onTransition(listener: (transition: Transition) => void): () => void {
    this.#transitionListeners.add(listener);
    return () => this.#transitionListeners.delete(listener);
  }

  #publish(): void {
    this.#snapshot = [...this.#tasks.values()].toSorted(byCreation);
    for (const listener of this.#listeners) listener();
  }
}

/** Newest first; the id decides between tasks of the same millisecond, so that the order is stable. */
export function byCreation(left: Task, right: Task): number {
  if (left.created_at !== right.created_at) return left.created_at < right.created_at ? 1 : -1;
  return left.task_id < right.task_id ? 1 : -1;
}

/** Tasks that are known as unfinished and match `matches`, but are not in `listed`: their news has to be fetched singly. */
export function missingFrom(known: readonly Task[], listed: readonly Task[], matches: (task: Task) => boolean): string[] {
  const ids = new Set(listed.map((task) => task.task_id));
  return known.filter((task) => !isTerminal(task.status) && matches(task) && !ids.has(task.task_id)).map((task) => task.task_id);
}
