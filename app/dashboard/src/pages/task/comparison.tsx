/** This run beside the last one of the same job. */

import { Link } from "wouter";
import type { TaskDetail } from "../../api/types";
import type { EarlierRuns } from "../../data/earlier";
import { quantile } from "../../domain/figures";
import { formatDuration, formatStepDuration } from "../../domain/format";
import { elapsed } from "../../domain/list";
import type { StepNode } from "../../domain/steps";
import { differences, isNotable } from "../../domain/usual";
import { useNowWhile } from "../../ui/clock";
import { StatusIcon } from "../../ui/icons";
import { taskHref } from "../../ui/links";
import { Moment } from "../../ui/parts";
import { usePreferences } from "../../ui/preferences";

const SHOWN = 5;

export function Comparison({ task, tree, earlier }: { task: TaskDetail; tree: readonly StepNode[]; earlier: EarlierRuns }) {
  const { text, language } = usePreferences();
  const now = useNowWhile(task.status === "running");
  const { last, runs } = earlier;
  if (last === undefined) return null;
  const words = text.comparison;
  const before = elapsed(last, 0);
  const taken = elapsed(task, now);
  const good = runs.filter((run) => run.status === "succeeded").flatMap((run) => elapsed(run, 0) ?? []);
  const usual = quantile(good, 0.5);
  const notable = differences(tree, last).slice(0, SHOWN);
  const difference = taken === null || before === null || task.status === "running" ? null : taken - before;
  return (
    <section className="panel comparison" aria-labelledby="comparison-title">
      <header className="panel-head"><h2 id="comparison-title">{words.title}</h2></header>
      <dl className="comparison-rows">
        <div>
          <dt>{words.last}</dt>
          <dd>
            <Link href={taskHref(last.task_id)} className="comparison-last">
              <StatusIcon status={last.status} size={14} />
              {text.status[last.status]}
            </Link>{" "}
            <span className="quiet"><Moment at={last.created_at} /></span>
          </dd>
        </div>
        {before !== null && (
          <div>
            <dt>{words.tookThen}</dt>
            <dd className="numeric">
              {formatDuration(before, language)}
              {difference !== null && Math.abs(difference) >= 1000 && before > 0 && (
                <span className={isNotable(taken ?? 0, before) && difference > 0 ? "overdue" : "quiet"}>{` ${difference > 0 ? words.longer(formatDuration(difference, language)) : words.shorter(formatDuration(-difference, language))}`}</span>
              )}
            </dd>
          </div>
        )}
        {usual !== null && good.length > 1 && (
          <div>
            <dt>{words.usual(good.length)}</dt>
            <dd className="numeric">{formatDuration(usual, language)}</dd>
          </div>
        )}
      </dl>
      {notable.length > 0 && (
        <ul className="comparison-steps">
          {notable.map((step) => (
            <li key={step.name}>
              <span className="step-title" title={step.name}>{step.name}</span>
              <span className="numeric quiet">{formatStepDuration(step.before, language)} →</span>
              <span className={step.taken > step.before ? "numeric overdue" : "numeric"}>{formatStepDuration(step.taken, language)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
