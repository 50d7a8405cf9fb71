/** One task: how far it is, its steps, its log. */

import "../styles/task.css";
import "../styles/log.css";
import { useMemo, useRef } from "react";
import { Link, useLocation } from "wouter";
import { useEarlierRuns } from "../data/earlier";
import { useHistory, useTask } from "../data/queries";
import { isTerminal } from "../api/types";
import { buildTree, failureCauses, settle } from "../domain/steps";
import { ringIcon, useFavicon, useTitle } from "../ui/page-signs";
import { cameFromList } from "../ui/places";
import { useText } from "../ui/preferences";
import { useShortcuts } from "../ui/shortcuts";
import { TaskSkeleton } from "./task-skeleton";
import { Comparison } from "./task/comparison";
import { Failure } from "./task/failure";
import { TaskFacts, TaskHead } from "./task/head";
import { HistoryChart } from "./task/history-chart";
import { LogView, type LogHandle } from "./task/log-view";
import { StepsView } from "./task/steps-view";

export default function TaskPage({ taskId }: { taskId: string }) {
  const text = useText();
  const { task, notFound } = useTask(taskId);
  const points = useHistory(task);
  const ended = task !== undefined && isTerminal(task.status);
  const finishedAt = task?.finished_at ?? null;
  const steps = useMemo(() => (ended ? settle(task?.steps ?? [], finishedAt) : (task?.steps ?? [])), [task?.steps, ended, finishedAt]);
  const tree = useMemo(() => buildTree(steps), [steps]);
  const earlier = useEarlierRuns(task);
  const causes = useMemo(() => (task?.status === "failed" ? failureCauses(tree) : []), [tree, task?.status]);
  const log = useRef<LogHandle>(null);
  const [, navigate] = useLocation();
  useTaskSigns(task);
  useShortcuts({
    Escape: () => (cameFromList() ? history.back() : navigate("/")),
    "/": () => log.current?.search(),
    f: () => log.current?.follow(),
    e: () => log.current?.firstError(),
  });

  if (notFound) {
    return (
      <div className="page state">
        <h1>{text.task.notFound}</h1>
        <p><code className="id">{taskId}</code></p>
        <p>{text.task.notFoundText}</p>
        <p><Link href="/" className="button">{text.task.back}</Link></p>
      </div>
    );
  }
  if (!task) return <TaskSkeleton />;
  return (
    <div className="page task-page">
      <TaskHead task={task} />
      {task.status === "failed" && <Failure task={task} causes={causes} onShowError={() => log.current?.firstError()} />}
      <div className={tree.length > 0 ? "task-columns" : "task-columns task-columns-even"}>
        {/* Many commands have no steps; an empty box would say nothing. */}
        {tree.length > 0 && <StepsView steps={steps} running={task.status === "running"} tree={tree} usual={earlier.usual} />}
        {tree.length > 0 ? (
          <div className="task-side">
            <HistoryChart task={task} points={points} />
            <Comparison task={task} tree={tree} earlier={earlier} />
            <TaskFacts task={task} />
          </div>
        ) : (
          <>
            <div className="task-side">
              <HistoryChart task={task} points={points} />
              <Comparison task={task} tree={tree} earlier={earlier} />
            </div>
            <TaskFacts task={task} />
          </>
        )}
      </div>
      <LogView ref={log} task={task} />
    </div>
  );
}

function useTaskSigns(task: ReturnType<typeof useTask>["task"]): void {
  const text = useText();
  const percentage = task?.progress.percentage ?? null;
  const status = task?.status;
  const sign = status === undefined ? null : status === "running" ? (percentage === null ? text.status.running : `${percentage}%`) : text.status[status];
  useTitle(task && sign !== null ? `${sign} · ${task.name} · Miyabi` : "Miyabi");
  useFavicon(useMemo(() => (status === undefined ? null : ringIcon(status, percentage)), [status, percentage]));
}
