/** Tasks and steps for tests. */
import type { Step, Task } from "../src/api/types";

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 22, 4, 0, seconds)).toISOString();

export function task(fields: Partial<Task> = {}): Task {
  return {
    task_id: "t1", project_id: "web", task_type: "build", name: "npm run build", status: "running", attempt: 1, sequence: 1, exit_code: null, labels: {}, version: 1, log_group: null,
    created_at: at(0), updated_at: at(0), heartbeat_at: null, started_at: at(0), finished_at: null,
    progress: { current: 0, total: null, percentage: null, phase: null, message: null, source: null, source_reason: null },
    estimate: null,
    ...fields,
  };
}

export function step(step_id: string, fields: Partial<Step> = {}): Step {
  return { step_id, parent_id: null, name: step_id, kind: "stack", status: "succeeded", message: null, attempt: 1, sequence: 1, started_at: at(0), finished_at: at(5), ...fields };
}

export { at };
