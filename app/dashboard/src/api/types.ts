/** The API's types, generated from its OpenAPI document, under the names that the page uses. */

import type { components } from "./schema";

type Schemas = components["schemas"];

export type TaskStatus = Schemas["TaskStatus"];
export type StepStatus = Schemas["StepStatus"];
export type Progress = Schemas["Progress"];
export type Task = Schemas["Task"];
export type Step = Schemas["Step"];
export type TaskDetail = Schemas["TaskDetail"];
export type TaskList = Schemas["TaskList"];
export type LogEvent = Schemas["LogLine"];
export type LogPage = Schemas["LogPage"];
export type HistoryPoint = Schemas["HistoryPoint"];
export type HistoryPage = Schemas["History"];
export type StatusCounts = Schemas["StatusCounts"];
export type Project = Schemas["Project"];
export type ProjectList = Schemas["ProjectList"];
export type Health = Schemas["Health"];
export type Share = Schemas["Share"];
export type CancelledTasks = Schemas["CancelledTasks"];
export type ProblemDetails = Schemas["ProblemDetails"];

/** Every status, in the order in which a reader wants to know. */
export const TASK_STATUSES: readonly TaskStatus[] = ["running", "queued", "failed", "succeeded", "cancelled"];

export function isTerminal(status: StepStatus): boolean {
  return status !== "queued" && status !== "running";
}
