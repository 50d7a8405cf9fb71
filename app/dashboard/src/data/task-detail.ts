/** Brings a task with its steps up to date; neither the task nor a step goes back. */

import type { Step, Task, TaskDetail } from "../api/types";
import { isNewer } from "./task-entities";

export function isOlder(left: Step, right: Step): boolean {
  return left.attempt === right.attempt ? left.sequence < right.sequence : left.attempt < right.attempt;
}

/**
 * `known` brought up to date by `next`. Steps that did not change stay the same objects, so that their rows do
 * not render again. A step that `next` does not have is kept only if `next` is the older of the two.
 */
export function mergeDetail(known: TaskDetail | undefined, next: TaskDetail): TaskDetail {
  if (known === undefined || known.task_id !== next.task_id || known === next) return next;
  const nextIsOlder = next.version < known.version;
  const steps = new Map(known.steps.map((step) => [step.step_id, step]));
  const merged = next.steps.map((step) => {
    const before = steps.get(step.step_id);
    steps.delete(step.step_id);
    return before && (isOlder(step, before) || same(step, before)) ? before : step;
  });
  if (nextIsOlder) merged.push(...steps.values());
  return { ...(nextIsOlder ? known : next), steps: merged };
}

/** What a read brought, with whatever the socket told of the task that the read did not know of yet. `told` is rid of the rest. */
export function withTold(next: TaskDetail, task: Task | undefined, told: Map<string, Step> | undefined): TaskDetail {
  for (const [id, step] of told ?? []) {
    if (step.attempt < next.attempt || (step.attempt === next.attempt && step.sequence <= next.sequence)) told?.delete(id);
  }
  return !told?.size && (task === undefined || !isNewer(task, next)) ? next : withChanges(next, task, [...(told?.values() ?? [])]);
}

/** `known` with what the socket told of it: perhaps the task, and the steps that changed. */
export function withChanges(known: TaskDetail, task: Task | undefined, changed: readonly Step[]): TaskDetail {
  const news = new Map(changed.map((step) => [step.step_id, step]));
  const steps = known.steps.map((before) => {
    const step = news.get(before.step_id);
    news.delete(before.step_id);
    return step === undefined || isOlder(step, before) || same(step, before) ? before : step;
  });
  steps.push(...news.values());
  return { ...(task && isNewer(task, known) ? { ...known, ...task } : known), steps };
}

function same(left: Step, right: Step): boolean {
  return (
    left.sequence === right.sequence &&
    left.attempt === right.attempt &&
    left.status === right.status &&
    left.name === right.name &&
    left.message === right.message &&
    left.finished_at === right.finished_at
  );
}
