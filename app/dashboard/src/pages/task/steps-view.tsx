/** The steps of a task as a tree, with details or as a timeline. */

import { memo, useCallback, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useSearchParams } from "wouter";
import type { Step } from "../../api/types";
import { formatMark, formatStepDuration, isoDuration } from "../../domain/format";
import { axisStep, timeRange, type StepNode, type TimeRange } from "../../domain/steps";
import { isNotable, stepPaths, type StepPath } from "../../domain/usual";
import { useNowWhile } from "../../ui/clock";
import { ChevronIcon, StatusIcon } from "../../ui/icons";
import { usePreferences } from "../../ui/preferences";

type View = "timeline" | "tree";

/** With more steps than this, parts that ended well start closed. */
const OPEN_UP_TO = 60;

interface Properties {
  steps: readonly Step[];
  running: boolean;
  tree: readonly StepNode[];
  /** How long each step took in earlier runs. */
  usual: ReadonlyMap<StepPath, number>;
}

export function StepsView({ steps, running, tree, usual }: Properties) {
  const { text } = usePreferences();
  const [parameters, setParameters] = useSearchParams();
  const view: View = parameters.get("steps") === "details" ? "tree" : "timeline";
  const setView = (next: View) =>
    setParameters(
      (before) => {
        const after = new URLSearchParams(before);
        if (next === "tree") after.set("steps", "details");
        else after.delete("steps");
        return after;
      },
      { replace: true, state: history.state as unknown },
    );
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  const now = useNowWhile(running && tree.length > 0);
  const range = useMemo(() => timeRange(steps, running ? now : 0), [steps, running, now]);
  const ended = tree.reduce((sum, node) => sum + node.ended + (node.step.status !== "running" && node.step.status !== "queued" ? 1 : 0), 0);
  const crowded = steps.length > OPEN_UP_TO;
  const isOpen = (node: StepNode) => toggled.get(node.step.step_id) ?? (!crowded || node.failed || node.step.status === "running");
  const toggle = useCallback((stepId: string, open: boolean) => setToggled((before) => new Map(before).set(stepId, open)), []);
  const paths = useMemo(() => (usual.size === 0 ? null : stepPaths(tree)), [tree, usual]);
  const usualOf = (node: StepNode) => usual.get(paths?.get(node.step.step_id) ?? "") ?? null;
  // The bars place themselves by this one length, so that a growing timeline renders no row again.
  const list = useRef<HTMLDivElement>(null);
  const span = range === null ? 1 : range.end - range.start;
  useLayoutEffect(() => {
    list.current?.style.setProperty("--span", String(span));
  }, [span, view]);
  return (
    <section className="panel steps-panel" aria-labelledby="steps-title">
      <header className="panel-head">
        <h2 id="steps-title">{text.steps.title}</h2>
        <span className="quiet numeric">{text.steps.ended(ended, steps.length)}</span>
        <div className="segments" role="group" aria-label={text.steps.view}>
          {(["timeline", "tree"] as const).map((each) => (
            <button key={each} type="button" aria-pressed={view === each} onClick={() => setView(each)}>{text.steps[each]}</button>
          ))}
        </div>
      </header>
      <div className={`steps steps-${view}`} ref={list}>
        {view === "timeline" && range && <Axis range={range} />}
        <Branch nodes={tree} depth={0} view={view} from={range?.start ?? 0} now={now} isOpen={isOpen} toggle={toggle} usualOf={usualOf} />
      </div>
    </section>
  );
}

function Axis({ range }: { range: TimeRange }) {
  const { language } = usePreferences();
  const span = range.end - range.start;
  const step = axisStep(span, 4);
  const marks: number[] = [];
  for (let at = 0; at < span * 0.97; at += step) marks.push(at);
  return (
    <div className="steps-axis" aria-hidden="true">
      <div className="steps-axis-marks">
        {marks.map((at) => <span key={at} className="numeric" style={{ left: `${(at / span) * 100}%` }}>{formatMark(at, language)}</span>)}
      </div>
    </div>
  );
}

interface BranchProperties {
  nodes: readonly StepNode[];
  depth: number;
  view: View;
  from: number;
  now: number;
  isOpen: (node: StepNode) => boolean;
  usualOf: (node: StepNode) => number | null;
  toggle: (stepId: string, open: boolean) => void;
}

function Branch({ nodes, depth, ...rest }: BranchProperties) {
  return (
    <ul className="branch">
      {nodes.map((node) => {
        const open = node.children.length > 0 && rest.isOpen(node);
        const live = node.step.status === "running";
        return (
          <li key={node.step.step_id}>
            <StepRow node={node} depth={depth} view={rest.view} from={rest.from} now={live ? rest.now : 0} open={open} toggle={rest.toggle} usual={rest.usualOf(node)} />
            {open && <Branch nodes={node.children} depth={depth + 1} {...rest} />}
          </li>
        );
      })}
    </ul>
  );
}

interface RowProperties {
  node: StepNode;
  depth: number;
  view: View;
  /** When the timeline begins. */
  from: number;
  /** The time while the step runs, else 0: so that ended rows need not render again. */
  now: number;
  open: boolean;
  /** Milliseconds that it took in earlier runs, the median. */
  usual: number | null;
  toggle: (stepId: string, open: boolean) => void;
}

const StepRow = memo(function StepRow({ node, depth, view, from, now, open, toggle, usual }: RowProperties) {
  const { text, language } = usePreferences();
  const { step } = node;
  const row = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    row.current?.style.setProperty("--depth", String(depth));
  }, [depth]);
  const end = node.end ?? (step.status === "running" ? now : null);
  const length = node.start !== null && end !== null ? Math.max(0, end - node.start) : null;
  // What ended well has said so by its mark.
  const showMessage = step.message !== null && (step.status === "failed" || (view === "tree" && step.status !== "succeeded"));
  return (
    <div ref={row} id={`step-${step.step_id}`} tabIndex={-1} className={`step status-${step.status}`} data-status={step.status}>
      <div className="step-name">
        {node.children.length > 0 ? (
          <button type="button" className="step-toggle" aria-expanded={open} aria-label={open ? text.steps.collapse(step.name) : text.steps.expand(step.name)} onClick={() => toggle(step.step_id, !open)}>
            <ChevronIcon />
          </button>
        ) : (
          <span className="step-leaf" />
        )}
        <StatusIcon status={step.status} size={15} />
        <span className="visually-hidden">{text.status[step.status]}: </span>
        <span className="step-title" title={`${step.name} · ${step.kind}`}>{step.name}</span>
        {node.children.length > 0 && <span className="quiet numeric step-count">{node.ended}/{node.descendants}</span>}
      </div>
      {view === "tree" ? <span className="step-kind" title={step.kind}>{step.kind}</span> : <TimelineBar node={node} from={from} end={end} usual={usual} />}
      <span className={length !== null && usual !== null && length > usual && isNotable(length, usual) ? "step-duration numeric overdue" : "step-duration numeric"} title={usual === null ? undefined : text.steps.usually(formatStepDuration(usual, language))}>
        {length === null ? <span className="quiet">{step.status === "queued" ? text.status.queued : text.task.none}</span> : <time dateTime={isoDuration(length)}>{formatStepDuration(length, language)}</time>}
      </span>
      {showMessage && <p className="step-message">{step.message}</p>}
    </div>
  );
}, sameRow);

/** The tree is built anew with every change of the task; a row renders only when what it shows did change. */
function sameRow(before: RowProperties, after: RowProperties): boolean {
  return (
    before.node.step === after.node.step &&
    before.node.ended === after.node.ended &&
    before.node.descendants === after.node.descendants &&
    before.depth === after.depth &&
    before.view === after.view &&
    before.from === after.from &&
    before.now === after.now &&
    before.open === after.open &&
    before.usual === after.usual
  );
}

function TimelineBar({ node, from, end, usual }: { node: StepNode; from: number; end: number | null; usual: number | null }) {
  const bar = useRef<HTMLSpanElement>(null);
  const left = node.start === null ? null : node.start - from;
  const width = node.start === null || end === null ? 0 : Math.max(0, end - node.start);
  useLayoutEffect(() => {
    bar.current?.style.setProperty("--from", String(left ?? 0));
    bar.current?.style.setProperty("--length", String(width));
    bar.current?.parentElement?.style.setProperty("--usual-end", String((left ?? 0) + (usual ?? 0)));
  }, [left, width, usual]);
  return (
    <span className="timeline" aria-hidden="true">
      {left !== null && <span ref={bar} className={node.children.length > 0 ? "timeline-bar timeline-group" : "timeline-bar"} />}
      {left !== null && usual !== null && <span className="timeline-usual" />}
    </span>
  );
}
