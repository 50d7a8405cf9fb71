/** How long steps of earlier runs took, and what that says of this one. */

import type { Step, TaskDetail } from "../api/types";
import { quantile } from "./figures";
import { buildTree, type StepNode } from "./steps";

/** A step's place by names, which stays the same from run to run while its identifier may not. */
export type StepPath = string;

function visit(nodes: readonly StepNode[], above: StepPath, each: (node: StepNode, path: StepPath) => void): void {
  for (const node of nodes) {
    const path = `${above}\u0000${node.step.kind}\u0001${node.step.name}`;
    each(node, path);
    visit(node.children, path, each);
  }
}

/** The path of every step, by its identifier. */
export function stepPaths(tree: readonly StepNode[]): Map<string, StepPath> {
  const paths = new Map<string, StepPath>();
  visit(tree, "", (node, path) => paths.set(node.step.step_id, path));
  return paths;
}

function durations(steps: readonly Step[]): Map<StepPath, number> {
  const taken = new Map<StepPath, number>();
  visit(buildTree(steps), "", (node, path) => {
    if (node.step.status === "succeeded" && node.start !== null && node.end !== null) taken.set(path, node.end - node.start);
  });
  return taken;
}

/** The median duration of each step in `runs`, of those where it succeeded. */
export function usualDurations(runs: readonly TaskDetail[]): Map<StepPath, number> {
  const all = new Map<StepPath, number[]>();
  for (const run of runs) for (const [path, taken] of durations(run.steps)) all.set(path, [...(all.get(path) ?? []), taken]);
  return new Map([...all].map(([path, taken]) => [path, quantile(taken, 0.5) ?? 0]));
}

/** Below this nobody cares. */
const NOTABLE_MS = 3_000;
const NOTABLE_FACTOR = 1.3;

/** Whether a duration is so far from the usual one that it deserves a word. */
export function isNotable(taken: number, usual: number): boolean {
  const [less, more] = taken < usual ? [taken, usual] : [usual, taken];
  return more - less >= NOTABLE_MS && more >= less * NOTABLE_FACTOR;
}

export interface StepDifference {
  name: string;
  taken: number;
  before: number;
}

/** The steps whose duration differs most from that of `last`, largest difference first; only leaves, as their sums say nothing new. */
export function differences(tree: readonly StepNode[], last: TaskDetail): StepDifference[] {
  const before = durations(last.steps);
  const found: StepDifference[] = [];
  visit(tree, "", (node, path) => {
    const then = before.get(path);
    if (then === undefined || node.children.length > 0 || node.start === null || node.end === null) return;
    const taken = node.end - node.start;
    if (isNotable(taken, then)) found.push({ name: node.step.name, taken, before: then });
  });
  return found.toSorted((left, right) => Math.abs(right.taken - right.before) - Math.abs(left.taken - left.before));
}
