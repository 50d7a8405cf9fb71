/** The API over HTTP: typed, conditional (`If-None-Match`), with a time limit and errors that say what happened. */

import { learnServerTime } from "./clock";
import { noteAnswer } from "./observations";
import { Session } from "./session";
import type { CancelledTasks, Health, HistoryPage, LogPage, ProblemDetails, ProjectList, Share, Task, TaskDetail, TaskList } from "./types";

/** Longest wait for one answer. */
const TIMEOUT_MS = 10_000;

/** Bodies kept for conditional requests; the oldest goes first. */
const REMEMBERED_BODIES = 64;

export type FailureKind = "offline" | "unreachable" | "timeout" | "server" | "request" | "not-found" | "malformed" | "signed-out";

/** Why a request brought no data. */
export class ApiError extends Error {
  constructor(
    readonly kind: FailureKind,
    message: string,
    readonly status: number | null = null,
    readonly requestId: string | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "ApiError";
  }
}

/** Who is at this page. Tests of parts that ask nobody have no browser around them. */
export const session = typeof window === "undefined" ? null : new Session(sessionStorage, location);

interface Remembered {
  etag: string;
  body: unknown;
}

const remembered = new Map<string, Remembered>();
// What one person read is nothing to answer another with.
session?.subscribe(() => session.state().kind === "out" && remembered.clear());

function remember(path: string, etag: string, body: unknown): void {
  remembered.delete(path);
  remembered.set(path, { etag, body });
  for (const oldest of remembered.keys()) {
    if (remembered.size <= REMEMBERED_BODIES) break;
    remembered.delete(oldest);
  }
}

async function problem(response: Response): Promise<ApiError> {
  const requestId = response.headers.get("x-request-id");
  const details = (await response.json().catch(() => null)) as Partial<ProblemDetails> | null;
  const message = details?.detail ?? details?.title ?? `HTTP ${response.status}`;
  const kind = response.status === 401 ? "signed-out" : response.status === 404 ? "not-found" : response.status >= 500 || response.status === 429 ? "server" : "request";
  return new ApiError(kind, message, response.status, details?.request_id ?? requestId);
}

/**
 * Reads `path`. A 304 gives the very object of the last 200, so that nothing which depends on it renders again.
 */
export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  const known = remembered.get(path);
  const headers: Record<string, string> = known ? { "if-none-match": known.etag } : {};
  const response = await request(path, { headers }, signal);
  if (response.status === 304 && known) return known.body as T;
  const body = await json<T>(response, signal);
  const etag = response.headers.get("etag");
  if (etag) remember(path, etag, body);
  return body;
}

/** Sends `body`, if there is one, and gives what was answered. It is never tried again by itself. */
async function postJson<T>(path: string, body?: unknown): Promise<T> {
  const content: RequestInit = body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  return json<T>(await request(path, { method: "POST", ...content }));
}

/** One request with what the caller has to show; once more where that was renewed meanwhile. */
async function request(path: string, init: RequestInit, signal?: AbortSignal): Promise<Response> {
  const shown = (await session?.credential()) ?? null;
  const response = await send(path, init, shown, signal);
  // A refused request did nothing, so that any can be sent again.
  if (response.status === 401 && session && (await session.refused(shown))) return accepted(await send(path, init, await session.credential(), signal));
  return accepted(response);
}

async function accepted(response: Response): Promise<Response> {
  if (!response.ok && response.status !== 304) throw await problem(response);
  return response;
}

/** One request within its time limit. */
async function send(path: string, { headers, ...init }: RequestInit, shown: string | null, signal?: AbortSignal): Promise<Response> {
  const limit = AbortSignal.timeout(TIMEOUT_MS);
  const sent = Date.now();
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers: { accept: "application/json", ...(shown === null ? {} : { authorization: `Bearer ${shown}` }), ...headers }, signal: signal ? AbortSignal.any([signal, limit]) : limit });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    if (limit.aborted) throw new ApiError("timeout", `no answer within ${TIMEOUT_MS / 1000} s`, null, null, { cause });
    const offline = typeof navigator !== "undefined" && !navigator.onLine;
    throw new ApiError(offline ? "offline" : "unreachable", "no connection", null, null, { cause });
  }
  learnServerTime(response.headers.get("date"), sent, Date.now());
  noteAnswer({ at: Date.now(), ms: Date.now() - sent, status: response.status, cache: response.headers.get("x-cache") });
  return response;
}

async function json<T>(response: Response, signal?: AbortSignal): Promise<T> {
  try {
    return (await response.json()) as T;
  } catch (cause) {
    if (signal?.aborted) throw cause;
    // A proxy's or a page's HTML in the place of the API's JSON.
    throw new ApiError("malformed", "the answer was no JSON", response.status, response.headers.get("x-request-id"), { cause });
  }
}

type Parameters = Record<string, string | number | null | undefined>;

function query(path: string, parameters: Parameters): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined && value !== "") search.set(key, String(value));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

export interface TaskFilter {
  project?: string | null;
  status?: string | null;
  type?: string | null;
  /** Part of the identifier, the name or a label. */
  q?: string | null;
}

const taskPath = (taskId: string) => `/api/tasks/${encodeURIComponent(taskId)}`;

export const api = {
  tasks: (filter: TaskFilter, page: { limit?: number; cursor?: string | null }, signal?: AbortSignal) =>
    getJson<TaskList>(query("/api/tasks", { ...filter, ...page }), signal),
  task: (taskId: string, signal?: AbortSignal) => getJson<TaskDetail>(taskPath(taskId), signal),
  logs: (taskId: string, page: { cursor?: string; from?: "start" | "end"; limit: number }, signal?: AbortSignal) =>
    getJson<LogPage>(query(`${taskPath(taskId)}/logs`, page), signal),
  history: (taskId: string, page: { cursor?: string | null; limit?: number }, signal?: AbortSignal) =>
    getJson<HistoryPage>(query(`${taskPath(taskId)}/history`, page), signal),
  projects: (signal?: AbortSignal) => getJson<ProjectList>("/api/projects", signal),
  health: (signal?: AbortSignal) => getJson<Health>("/api/health?deep=true", signal),
  cancel: (taskId: string) => postJson<Task>(`${taskPath(taskId)}/cancel`),
  /** A link to one task, good for so many seconds. */
  share: (taskId: string, seconds: number) => postJson<Share>(`${taskPath(taskId)}/share`, { expires_in_seconds: seconds }),
  /** Ends every link to the task. */
  unshare: async (taskId: string) => void (await request(`${taskPath(taskId)}/share`, { method: "DELETE" })),
  retry: (taskId: string) => postJson<Task>(`${taskPath(taskId)}/retry`),
  cancelMatching: (filter: { project_id?: string; task_type?: string; status?: Task["status"] }) => postJson<CancelledTasks>("/api/cancellations", filter),
};
