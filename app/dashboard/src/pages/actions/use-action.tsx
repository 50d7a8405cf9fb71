/** Opens the question before an action; the dialog is loaded when it is first needed. */

import { Suspense, lazy, useState, type ReactNode } from "react";
import type { Task } from "../../api/types";
import { allows, type TaskAction } from "../../data/actions";

const ActionDialog = lazy(() => import("./action-dialog"));

export interface AskAction {
  ask: (action: TaskAction, tasks: readonly Task[]) => void;
  dialog: ReactNode;
}

export function useAction(onDone?: () => void): AskAction {
  const [asked, setAsked] = useState<{ action: TaskAction; tasks: readonly Task[] } | null>(null);
  const able = asked === null ? [] : asked.tasks.filter((task) => allows(asked.action, task));
  const close = (done: boolean) => {
    setAsked(null);
    if (done) onDone?.();
  };
  return {
    ask: (action, tasks) => {
      if (tasks.some((task) => allows(action, task))) setAsked({ action, tasks });
    },
    dialog: asked !== null && (
      <Suspense fallback={null}>
        <ActionDialog action={asked.action} tasks={able} left={asked.tasks.length - able.length} onClose={close} />
      </Suspense>
    ),
  };
}
