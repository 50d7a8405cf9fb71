/** Earlier runs of the same job: what a run is compared with. */

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api } from "../api/client";
import { useSession } from "../ui/session";
import { isTerminal, type Task, type TaskDetail } from "../api/types";
import { usualDurations, type StepPath } from "../domain/usual";
import { useData } from "./context";

/** So many runs make a usual duration. */
const RUNS = 5;
/** The API looks for a text of at most this length. */
const WORDS = 100;

export interface EarlierRuns {
  /** Newest first, without steps. */
  runs: readonly Task[];
  /** The last one, with its steps. */
  last: TaskDetail | undefined;
  usual: ReadonlyMap<StepPath, number>;
}

const none: EarlierRuns = { runs: [], last: undefined, usual: new Map() };

/** Ended runs of the same name, type and project before `task`. They do not change, and are read once. */
export function useEarlierRuns(task: TaskDetail | undefined): EarlierRuns {
  const { queries } = useData();
  // A link to one task leads to no other.
  const mayList = useSession().kind !== "link";
  const query = useQuery({
    queryKey: ["earlier", task?.project_id, task?.task_type, task?.name, task?.task_id],
    enabled: task !== undefined && mayList,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    queryFn: async ({ signal }) => {
      if (task === undefined) return [];
      const page = await api.tasks({ project: task.project_id, type: task.task_type, q: task.name.slice(0, WORDS) }, { limit: 50 }, signal);
      const runs = page.tasks.filter((each) => each.name === task.name && each.task_id !== task.task_id && isTerminal(each.status) && each.created_at < task.created_at).slice(0, RUNS);
      return Promise.all(
        runs.map(async (run): Promise<TaskDetail> => queries.getQueryData<TaskDetail>(["task", run.task_id]) ?? api.task(run.task_id, signal)),
      );
    },
  });
  const runs = query.data;
  return useMemo(() => (runs === undefined || runs.length === 0 ? none : { runs, last: runs[0], usual: usualDurations(runs) }), [runs]);
}
