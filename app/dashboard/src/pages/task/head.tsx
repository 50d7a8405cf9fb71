/** The head of a task's page: what it is, how far it has come, and its facts. */

import { Link } from "wouter";
import { Suspense, lazy, useState, type ReactNode } from "react";
import type { TaskDetail } from "../../api/types";
import { formatCount } from "../../domain/format";
import { isTerminal } from "../../api/types";
import { BellIcon, LinkIcon } from "../../ui/icons";
import { askToNotify } from "../../ui/notify";
import { projectHref } from "../../ui/links";
import { allows } from "../../data/actions";
import { ChangeAge, CopyButton, Duration, Moment, ProgressBar, Remaining, StatusBadge, useStalled } from "../../ui/parts";
import { usePreferences, useText } from "../../ui/preferences";
import { useSession } from "../../ui/session";
import { useAction } from "../actions/use-action";

const ShareDialog = lazy(() => import("./share-dialog"));

export function TaskHead({ task }: { task: TaskDetail }) {
  const { text, language } = usePreferences();
  const { percentage, current, total, phase, message } = task.progress;
  const stalled = useStalled(task);
  const { ask, dialog } = useAction();
  const counted = total !== null || current > 0;
  const [sharing, setSharing] = useState(false);
  // A link shows its one task, and changes nothing.
  const byLink = useSession().kind === "link";
  return (
    <>
      {byLink ? <p className="crumbs">{text.session.byLink}</p> : (
        <nav className="crumbs" aria-label={text.nav.crumbs}>
          <Link href="/">{text.nav.tasks}</Link>
          <span aria-hidden="true">/</span>
          <Link href={projectHref(task.project_id)}>{task.project_id}</Link>
        </nav>
      )}
      <header className="task-head">
        <h1>{task.name}</h1>
        <StatusBadge status={task.status} percentage={percentage} stalled={stalled} />
        <span className="task-actions">
          {!byLink && allows("cancel", task) && <button type="button" className="button" onClick={() => ask("cancel", [task])}>{text.action.cancel.verb}</button>}
          {!byLink && allows("retry", task) && <button type="button" className="button" onClick={() => ask("retry", [task])}>{text.action.retry.verb}</button>}
          {!isTerminal(task.status) && <WatchButton taskId={task.task_id} />}
          {!byLink && <button type="button" className="button button-quiet" onClick={() => setSharing(true)}>{text.share.open}</button>}
          <CopyButton value={() => location.href} label={text.task.copyLink} className="button button-quiet"><LinkText /></CopyButton>
        </span>
      </header>
      {dialog}
      <Suspense fallback={null}>{sharing && <ShareDialog taskId={task.task_id} name={task.name} onClose={() => setSharing(false)} />}</Suspense>
      <section className={`hero status-${stalled ? "stalled" : task.status}`} data-status={task.status}>
        <div className="hero-figures">
          <span className="hero-percentage numeric">{percentage === null ? (counted ? formatCount(current, null, language) : "–") : <>{percentage}<small>%</small></>}</span>
          <span className="hero-facts">
            {phase !== null && <span className="phase">{phase}</span>}
            {counted && <span className="numeric">{percentage === null && total === null ? text.progress.unknown : formatCount(current, total, language)}</span>}
            {task.status === "queued" && <span>{text.progress.waiting}</span>}
          </span>
          <span className="hero-time">
            <Duration start={task.started_at} end={task.finished_at} running={task.status === "running"} />
            {stalled ? <span className="remaining"><ChangeAge task={task} /></span> : <Remaining task={task} />}
          </span>
        </div>
        <ProgressBar task={task} large />
        {task.status !== "failed" && <p className="hero-message" title={message ?? undefined}>{message ?? "\u00a0"}</p>}
      </section>
    </>
  );
}

/** Has the end of this one task told. */
function WatchButton({ taskId }: { taskId: string }) {
  const { text, watched, watch } = usePreferences();
  const on = watched.includes(taskId);
  const toggle = () => void (on ? watch(taskId, false) : askToNotify().then((answer) => watch(taskId, answer === "granted")));
  return (
    <button type="button" className="button button-quiet" aria-pressed={on} onClick={toggle} title={text.notify.watchHint}>
      <BellIcon />
      {text.notify.watch}
    </button>
  );
}

function LinkText() {
  const text = useText();
  return (
    <>
      <span className="visually-hidden"><LinkIcon /></span>
      <span aria-hidden="true">{text.task.copyLink}</span>
    </>
  );
}

/** The facts of a task. */
export function TaskFacts({ task }: { task: TaskDetail }) {
  const text = useText();
  const labels = Object.entries(task.labels);
  const byLink = useSession().kind === "link";
  const none = <span className="quiet">{text.task.none}</span>;
  return (
    <section className="panel facts" aria-labelledby="facts-title">
      <header className="panel-head"><h2 id="facts-title">{text.task.details}</h2></header>
      <dl>
        <Fact name={text.task.project}>{byLink ? task.project_id : <Link href={projectHref(task.project_id)}>{task.project_id}</Link>}</Fact>
        <Fact name={text.task.type}>{byLink ? task.task_type : <Link href={`/?type=${encodeURIComponent(task.task_type)}`}>{task.task_type}</Link>}</Fact>
        <Fact name={text.task.started}>{task.started_at === null ? none : <Moment at={task.started_at} />}</Fact>
        <Fact name={text.task.finished}>{task.finished_at === null ? none : <Moment at={task.finished_at} />}</Fact>
        <Fact name={text.task.changed}><ChangeAge task={task} /></Fact>
        <Fact name={text.task.attempt}><span className="numeric">{task.attempt}</span></Fact>
        <Fact name={text.task.exitCode}>
          {task.exit_code === null ? none : <span className={task.exit_code === 0 ? "numeric" : "numeric status-failed exit-code"}>{task.exit_code}</span>}
        </Fact>
        <Fact name={text.task.source} wide={Boolean(task.progress.source_reason)}><Source task={task} /></Fact>
        <Fact name={text.task.id} wide>
          <span className="with-copy">
            <code className="id">{task.task_id}</code>
            <CopyButton value={task.task_id} label={text.task.copyId} className="button button-quiet button-icon button-small" />
          </span>
        </Fact>
        {task.log_group !== null && <Fact name={text.task.logGroup}><code className="id">{task.log_group}</code></Fact>}
        {labels.length > 0 && (
          <Fact name={text.task.labels} wide>
            <span className="labels">
              {labels.map(([key, value]) => (
                <span key={key} className="label"><b>{key}</b>{value}</span>
              ))}
            </span>
          </Fact>
        )}
      </dl>
    </section>
  );
}

/** What the count was read from, and why that was believed; below that, that no count was found. */
function Source({ task }: { task: TaskDetail }) {
  const text = useText();
  const { source, source_reason: reason } = task.progress;
  if (source === null) return <span className="quiet">{task.status === "running" ? text.task.noCount : text.task.none}</span>;
  return <>{source}{reason && <span className="quiet">{` – ${reason}`}</span>}</>;
}

function Fact({ name, children, wide = false }: { name: string; children: ReactNode; wide?: boolean }) {
  return (
    <div className={wide ? "fact fact-wide" : "fact"}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
