/** Why a task failed: the steps that failed, with their reasons, before everything else. */

import type { TaskDetail } from "../../api/types";
import type { StepNode } from "../../domain/steps";
import { StatusIcon } from "../../ui/icons";
import { useText } from "../../ui/preferences";

const SHOWN = 5;

export function Failure({ task, causes, onShowError }: { task: TaskDetail; causes: readonly StepNode[]; onShowError: () => void }) {
  const text = useText();
  const showStep = (id: string) => {
    const row = document.getElementById(`step-${id}`);
    row?.scrollIntoView({ block: "center" });
    row?.focus({ preventScroll: true });
  };
  return (
    <section className="failure" aria-labelledby="failure-title">
      <header>
        <StatusIcon status="failed" size={18} />
        <h2 id="failure-title">{causes.length > 0 ? text.task.failedAt(causes.length) : text.task.failedTitle}</h2>
        <span className="failure-actions">
          <button type="button" className="button" onClick={onShowError}>{text.task.showError}</button>
        </span>
      </header>
      {causes.length === 0 ? (
        <p className="reason">{task.progress.message ?? text.task.noReason}</p>
      ) : (
        <ol>
          {causes.slice(0, SHOWN).map(({ step }) => (
            <li key={step.step_id}>
              <p className="cause">
                <button type="button" className="text-button" onClick={() => showStep(step.step_id)} title={text.task.showStep}>{step.name}</button>
                <span className="kind">{step.kind}</span>
              </p>
              <p className="reason">{step.message ?? text.task.noReason}</p>
            </li>
          ))}
          {causes.length > SHOWN && <li className="quiet">{text.steps.more(causes.length - SHOWN)}</li>}
        </ol>
      )}
    </section>
  );
}
