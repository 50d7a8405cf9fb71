/** The steps of a task as a tree, with what a reader wants to know first. */

import { isTerminal, type Step } from "../api/types";

export interface StepNode {
  step: Step;
  children: StepNode[];
  /** Milliseconds since 1970; `null` while it waits. */
  start: number | null;
  end: number | null;
  /** Steps below it, and how many of them have ended. */
  descendants: number;
  ended: number;
  /** Whether it, or one below it, failed. */
  failed: boolean;
}

const time = (text: string | null) => (text === null ? null : Date.parse(text));

/**
 * Builds the tree. A step whose parent is unknown, or is one of its own descendants, stands at the top, so that no
 * step is ever lost. The order is that of the API.
 */
export function buildTree(steps: readonly Step[]): StepNode[] {
  const nodes = new Map<string, StepNode>();
  for (const step of steps) {
    nodes.set(step.step_id, {
      step,
      children: [],
      start: time(step.started_at),
      end: time(step.finished_at),
      descendants: 0,
      ended: 0,
      failed: step.status === "failed",
    });
  }
  const roots: StepNode[] = [];
  for (const node of nodes.values()) {
    const parent = node.step.parent_id === null ? undefined : nodes.get(node.step.parent_id);
    if (parent && !leadsTo(node.step.step_id, parent, nodes)) parent.children.push(node);
    else roots.push(node);
  }
  for (const root of roots) summarise(root);
  return roots;
}

/** Whether the way up from `from` meets `id`. */
function leadsTo(id: string, from: StepNode, nodes: Map<string, StepNode>): boolean {
  let current: StepNode | undefined = from;
  for (let depth = 0; current && depth <= nodes.size; depth++) {
    if (current.step.step_id === id) return true;
    current = current.step.parent_id === null ? undefined : nodes.get(current.step.parent_id);
  }
  return current !== undefined;
}

function summarise(node: StepNode): void {
  for (const child of node.children) {
    summarise(child);
    node.descendants += 1 + child.descendants;
    node.ended += (isTerminal(child.step.status) ? 1 : 0) + child.ended;
    node.failed ||= child.failed;
  }
}

/** The failed steps that explain a failure: those without a failed step below them, earliest end first. */
export function failureCauses(roots: readonly StepNode[]): StepNode[] {
  const causes: StepNode[] = [];
  const visit = (node: StepNode) => {
    if (node.step.status === "failed" && !node.children.some((child) => child.failed)) causes.push(node);
    node.children.forEach(visit);
  };
  roots.forEach(visit);
  return causes.toSorted((left, right) => (left.end ?? Infinity) - (right.end ?? Infinity));
}

/** The steps as they stand once their task has ended: what had not ended by then never will. */
export function settle(steps: readonly Step[], finishedAt: string | null): readonly Step[] {
  if (steps.every((step) => isTerminal(step.status))) return steps;
  return steps.map((step) => (isTerminal(step.status) ? step : { ...step, status: "skipped", finished_at: step.started_at === null ? null : finishedAt }));
}

export interface TimeRange {
  start: number;
  end: number;
}

/** The time that the timeline spans: from the first start to the last end, or to now while something runs. */
export function timeRange(steps: readonly Step[], now: number): TimeRange | null {
  let start = Infinity;
  let end = -Infinity;
  for (const step of steps) {
    const from = time(step.started_at);
    if (from === null) continue;
    start = Math.min(start, from);
    end = Math.max(end, time(step.finished_at) ?? (step.status === "running" ? now : from));
  }
  return start === Infinity ? null : { start, end: Math.max(end, start + 1000) };
}

/** Round steps for an axis of about `count` marks over `span` milliseconds. */
export function axisStep(span: number, count: number): number {
  const seconds = span / 1000 / count;
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400];
  return (steps.find((step) => step >= seconds) ?? Math.ceil(seconds / 86_400) * 86_400) * 1000;
}
