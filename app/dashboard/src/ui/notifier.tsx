/** Tells of the ends that the reader chose to hear of, while the page is not looked at. */

import { useEffect } from "react";
import { useLocation } from "wouter";
import { isTerminal, type Task } from "../api/types";
import { useData } from "../data/context";
import { useTaskList } from "../data/queries";
import { formatDuration } from "../domain/format";
import { elapsed } from "../domain/list";
import { taskHref } from "./links";
import { allowed } from "./notify";
import { usePreferences } from "./preferences";

export default function Notifier() {
  const { text, language, notify, watched, watch } = usePreferences();
  const { entities } = useData();
  const [, navigate] = useLocation();
  // Whatever page is open: what ends elsewhere is to be heard of too.
  useTaskList({});
  const tell = (task: Task) => {
    const length = elapsed(task, 0);
    const facts = [task.project_id, length === null ? null : formatDuration(length, language), task.status === "failed" ? task.progress.message : null];
    const notification = new Notification(`${text.status[task.status]}: ${task.name}`, { body: facts.filter(Boolean).join(" · "), tag: task.task_id, icon: "/favicon.svg" });
    notification.addEventListener("click", () => {
      window.focus();
      navigate(taskHref(task.task_id));
      notification.close();
    });
  };
  useEffect(
    () =>
      entities.onTransition(({ task }) => {
        if (!isTerminal(task.status)) return;
        const isWatched = watched.includes(task.task_id);
        if (isWatched) watch(task.task_id, false);
        if (!isWatched && notify !== "ended" && !(notify === "failed" && task.status === "failed")) return;
        if (allowed() === "granted" && !(document.visibilityState === "visible" && document.hasFocus())) tell(task);
      }),
  );
  return null;
}
