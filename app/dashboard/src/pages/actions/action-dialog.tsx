/** Asks before tasks are cancelled or retried, says what it means, and what came of it. */

import { useRef, useState } from "react";
import { actOnAll, type BulkResult, type TaskAction } from "../../data/actions";
import type { Task } from "../../api/types";
import { useData } from "../../data/context";
import { formatNumber } from "../../domain/format";
import { Dialog } from "../../ui/dialog";
import { StatusIcon } from "../../ui/icons";
import { usePreferences } from "../../ui/preferences";

/** Names that are shown of many. */
const SHOWN = 6;

interface Properties {
  action: TaskAction;
  /** The tasks that the API would do it to. */
  tasks: readonly Task[];
  /** Selected tasks that are in no state for it. */
  left: number;
  onClose: (done: boolean) => void;
}

export default function ActionDialog({ action, tasks, left, onClose }: Properties) {
  const { text, language } = usePreferences();
  const data = useData();
  // What was asked about is what is done, whatever the list shows by then.
  const [asked] = useState(tasks);
  const [answered, setAnswered] = useState<number | null>(null);
  const [result, setResult] = useState<BulkResult | null>(null);
  const started = useRef(false);
  const words = text.action[action];
  const number = (count: number) => formatNumber(count, language);
  const run = (of: readonly Task[]) => {
    if (started.current) return;
    started.current = true;
    setResult(null);
    setAnswered(0);
    void actOnAll(data, action, of, setAnswered).then((end) => {
      started.current = false;
      setAnswered(null);
      // One task's state is seen where it was asked for; many need a word, and so does whatever went wrong.
      if (asked.length === 1 && end.done.length === 1) onClose(true);
      else setResult(end);
    });
  };
  const failed = result === null ? [] : result.failed.map(({ task }) => task);
  return (
    <Dialog title={result === null ? words.title(asked.length, number(asked.length)) : words.result} open onClose={() => onClose(result !== null)}>
      {result === null ? (
        <>
          <p className="action-meaning">{words.meaning}</p>
          {left > 0 && <p className="quiet">{words.left(left, number(left))}</p>}
          <ul className="action-tasks">
            {asked.slice(0, SHOWN).map((task) => <TaskLine key={task.task_id} task={task} />)}
            {asked.length > SHOWN && <li className="quiet">{text.steps.more(asked.length - SHOWN)}</li>}
          </ul>
        </>
      ) : (
        <div role="status">
          <p className="action-meaning">{words.done(result.done.length, number(result.done.length))}</p>
          {result.refused.length > 0 && (
            <>
              <h3>{text.action.refused(result.refused.length, number(result.refused.length))}</h3>
              <ul className="action-tasks">
                {result.refused.slice(0, SHOWN).map(({ task, reason }) => <TaskLine key={task.task_id} task={task} reason={reason} />)}
                {result.refused.length > SHOWN && <li className="quiet">{text.steps.more(result.refused.length - SHOWN)}</li>}
              </ul>
            </>
          )}
          {result.failed.length > 0 && (
            <>
              <h3>{text.action.unknown(result.failed.length, number(result.failed.length))}</h3>
              <ul className="action-tasks">
                {result.failed.slice(0, SHOWN).map(({ task, error }) => <TaskLine key={task.task_id} task={task} reason={error.kind === "server" ? error.message : text.failure[error.kind]} />)}
                {result.failed.length > SHOWN && <li className="quiet">{text.steps.more(result.failed.length - SHOWN)}</li>}
              </ul>
            </>
          )}
        </div>
      )}
      <footer className="dialog-foot">
        {result === null ? (
          <>
            <button type="button" className="button" onClick={() => onClose(false)} disabled={answered !== null}>{words.keep}</button>
            <button type="button" data-autofocus className={action === "cancel" ? "button button-danger" : "button button-primary"} onClick={() => run(asked)} disabled={answered !== null}>
              {answered === null ? words.confirm(asked.length, number(asked.length)) : text.action.working(number(answered), number(asked.length))}
            </button>
          </>
        ) : (
          <>
            {failed.length > 0 && <button type="button" className="button" onClick={() => run(failed)}>{text.action.again}</button>}
            <button type="button" className="button button-primary" onClick={() => onClose(true)}>{text.help.close}</button>
          </>
        )}
      </footer>
    </Dialog>
  );
}

function TaskLine({ task, reason }: { task: Task; reason?: string }) {
  return (
    <li className="action-task">
      <StatusIcon status={task.status} percentage={task.progress.percentage} size={15} />
      <span className="action-name">{task.name}</span>
      {reason !== undefined && <span className="action-reason">{reason}</span>}
    </li>
  );
}
