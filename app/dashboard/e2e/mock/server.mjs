// A small stand-in for the origin: the built page, with its fallback, and the API over a world in memory.
// @ts-check
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

/** @typedef {import("./scenarios.mjs").World} World */
/** @typedef {import("../../src/api/types").Task} Task */

const dist = fileURLToPath(new URL("../../dist", import.meta.url));
const types = /** @type {Record<string, string>} */ ({ ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2", ".txt": "text/plain" });

export class MockServer {
  /** How the API behaves: answers, fails with 503, cuts connections, or never answers. @type {"ok" | "failing" | "cut" | "hanging"} */
  mode = "ok";
  /** Requests so far, as `METHOD path status`. @type {string[]} */
  requests = [];

  /** @param {World} world */
  constructor(world) {
    this.world = world;
    /** The issuer whose people are let in; `null`: everybody is. @type {import("./issuer.mjs").MockIssuer | null} */
    this.issuer = null;
    /** Links to tasks that are good, by their token. @type {Map<string, string>} */
    this.links = new Map();
    /** Tasks in one answer, whatever was asked for; `null`: as many as were asked for. @type {number | null} */
    this.pageSize = null;
    /** Requests that wait for an answer, while it hangs. @type {(() => void)[]} */
    this.held = [];
    this.server = createServer((request, response) => {
      void this.#answer(request, response).catch((error) => {
        response.statusCode = 500;
        response.end(String(error));
      });
    });
  }

  /** Starts on a free port of the loopback. */
  async start(port = 0) {
    await new Promise((resolve) => this.server.listen(port, "127.0.0.1", () => resolve(undefined)));
    const address = this.server.address();
    if (address === null || typeof address === "string") throw new Error("no address");
    this.url = `http://127.0.0.1:${address.port}`;
    return this.url;
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(() => resolve(undefined)));
  }

  /** Answers what was held back. */
  release() {
    for (const answer of this.held.splice(0)) answer();
  }

  /**
   * Changes a task as the API would: a higher version, and now.
   * @param {string} id
   * @param {Partial<Omit<Task, "progress">> & { progress?: Partial<Task["progress"]> }} change
   */
  update(id, change) {
    const known = this.world.tasks.get(id);
    if (!known) throw new Error(`no task ${id}`);
    const next = { version: known.version + 1, updated_at: new Date().toISOString(), ...change, progress: { ...known.progress, ...change.progress } };
    this.world.tasks.set(id, { ...known, ...next });
  }

  /** @param {string} id @param {string} message */
  log(id, message) {
    const lines = this.world.logs.get(id) ?? [];
    lines.push({ timestamp: new Date().toISOString(), message });
    this.world.logs.set(id, lines);
  }

  /** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
  async #answer(request, response) {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (url.pathname === "/config.json" && this.issuer) return json(response, 200, { sign_in: { issuer: "https://issuer.example", client_id: "page", scopes: ["openid", "miyabi/tasks:read"] } });
    if (url.pathname.startsWith("/issuer/") && this.issuer) return this.issuer.answer(request, response, url);
    if (!url.pathname.startsWith("/api/")) return this.#file(url.pathname, response);
    if (this.mode === "cut") return void request.socket.destroy();
    if (this.mode === "hanging") await new Promise((resolve) => this.held.push(() => resolve(undefined)));
    const [status, body] = !this.#isLetIn(request, url) ? problem(401, "Nothing was shown that is good.") : this.mode === "failing" ? problem(503, "The table does not answer.") : request.method === "DELETE" ? this.#unshare(url) : request.method === "POST" ? this.#change(url) : this.#api(url);
    const text = JSON.stringify(body);
    const etag = `"${createHash("sha256").update(text).digest("hex").slice(0, 16)}"`;
    response.setHeader("content-type", status >= 400 ? "application/problem+json" : "application/json");
    response.setHeader("x-request-id", "req-7f3a");
    if (request.method === "GET") response.setHeader("x-cache", this.requests.length % 7 === 0 ? "miss" : "hit");
    const unchanged = request.method === "GET" && status === 200 && request.headers["if-none-match"] === etag;
    if (status === 200) response.setHeader("etag", etag);
    response.statusCode = unchanged ? 304 : status;
    this.requests.push(`${request.method} ${url.pathname}${url.search} ${response.statusCode}`);
    response.end(unchanged || status === 204 ? undefined : text);
  }

  /** @param {import("node:http").IncomingMessage} request @param {URL} url */
  #isLetIn(request, url) {
    if (!this.issuer) return true;
    const token = (request.headers.authorization ?? "").replace("Bearer ", "");
    const shared = this.links.get(token);
    return this.issuer.good.has(token) || (shared !== undefined && request.method === "GET" && url.pathname.startsWith(`/api/tasks/${shared}`));
  }

  /** @param {URL} url @returns {[number, unknown]} */
  #unshare(url) {
    const [, id = ""] = url.pathname.split("/").slice(2).map(decodeURIComponent);
    for (const [token, task] of this.links) if (task === id) this.links.delete(token);
    return [204, null];
  }

  /** @param {URL} url @returns {[number, unknown]} */
  #api(url) {
    const parts = url.pathname.split("/").slice(2).map(decodeURIComponent);
    const get = (/** @type {string} */ name) => url.searchParams.get(name);
    if (parts[0] === "health") return [200, { status: "ok", table: "ok", cache: "ok" }];
    if (parts[0] === "projects") return [200, { projects: this.projects() }];
    if (parts[0] !== "tasks") return problem(404, "No such path.");
    if (parts[1] === undefined) return this.#list(get);
    const task = this.world.tasks.get(parts[1]);
    if (!task) return problem(404, `There is no task ${parts[1]}.`);
    if (parts[2] === undefined) return [200, { ...task, steps: this.world.steps.get(task.task_id) ?? [] }];
    if (parts[2] === "history") return [200, { points: this.world.history.get(task.task_id) ?? [], next_cursor: null }];
    if (parts[2] === "logs") return this.#logs(task.task_id, get);
    return problem(404, "No such path.");
  }

  /** Cancel and retry, with the API's rules. @param {URL} url @returns {[number, unknown]} */
  #change(url) {
    const [, id = "", action] = url.pathname.split("/").slice(2).map(decodeURIComponent);
    const task = this.world.tasks.get(id);
    if (!task) return problem(404, `There is no task ${id}.`);
    const ended = task.status !== "running" && task.status !== "queued";
    const now = new Date().toISOString();
    if (action === "share") {
      const token = `mys_${id}.${this.links.size}`;
      this.links.set(token, id);
      return [201, { token, path: `/tasks/${id}?share=${token}`, badge_path: `/api/tasks/${id}/badge.svg?share=${token}`, expires_at: new Date(Date.now() + 7 * 86_400_000).toISOString() }];
    }
    if (action === "cancel") {
      if (ended) return problem(409, `Task ${id} has ended: it ${task.status}.`);
      this.update(id, { status: "cancelled", finished_at: now });
    } else if (action === "retry") {
      if (!ended) return problem(409, `Task ${id} has not ended.`);
      this.update(id, { status: "queued", attempt: task.attempt + 1, started_at: null, finished_at: null, exit_code: null, progress: { current: 0, total: null, percentage: null, phase: null, message: null } });
    } else return problem(404, "No such path.");
    return [200, this.world.tasks.get(id)];
  }

  /** @param {(name: string) => string | null} get @returns {[number, unknown]} */
  #list(get) {
    const from = Number(get("cursor") ?? 0);
    const limit = from > 0 && this.pageSize !== null ? this.pageSize : Number(get("limit") ?? 50);
    const all = [...this.world.tasks.values()]
      .filter((task) => (!get("project") || task.project_id === get("project")) && (!get("status") || task.status === get("status")) && (!get("type") || task.task_type === get("type")) && (!get("q") || task.name.toLowerCase().includes(String(get("q")).toLowerCase()) || task.task_id.includes(String(get("q")))))
      .toSorted((left, right) => (left.created_at < right.created_at ? 1 : -1));
    const end = from + limit;
    return [200, { tasks: all.slice(from, end), next_cursor: end < all.length ? String(end) : null }];
  }

  /** As GetLogEvents: a cursor at either end comes back unchanged. @param {string} id @param {(name: string) => string | null} get @returns {[number, unknown]} */
  #logs(id, get) {
    const lines = this.world.logs.get(id) ?? [];
    const limit = Number(get("limit") ?? 1000);
    const cursor = get("cursor");
    let start;
    let end;
    if (cursor?.startsWith("b/")) {
      end = Number(cursor.slice(2));
      start = Math.max(0, end - limit);
    } else if (cursor !== null || get("from") === "start") {
      start = cursor === null ? 0 : Number(cursor.slice(2));
      end = Math.min(lines.length, start + limit);
    } else {
      end = lines.length;
      start = Math.max(0, end - limit);
    }
    return [200, { events: lines.slice(start, end), next_cursor: `f/${end}`, previous_cursor: `b/${start}` }];
  }

  projects() {
    /** @type {Map<string, import("../../src/api/types").Project>} */
    const projects = new Map();
    for (const task of this.world.tasks.values()) {
      const project = projects.get(task.project_id) ?? {
        project_id: task.project_id, name: this.world.projectNames.get(task.project_id) ?? task.project_id, counts: { queued: 0, running: 0, succeeded: 0, failed: 0, cancelled: 0 },
        created_at: task.created_at, updated_at: task.updated_at,
      };
      project.counts[task.status] += 1;
      if (task.updated_at > project.updated_at) project.updated_at = task.updated_at;
      projects.set(task.project_id, project);
    }
    return [...projects.values()];
  }

  /** @param {string} path @param {import("node:http").ServerResponse} response */
  async #file(path, response) {
    const file = normalize(path);
    // An identifier may hold a dot, so that "has an ending" does not mean "is a file".
    const body = (await read(file)) ?? (file.startsWith("/assets/") ? null : await read("/index.html"));
    if (body === null) {
      response.statusCode = 404;
      return void response.end();
    }
    response.setHeader("content-type", body.type);
    response.setHeader("cache-control", file.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache");
    response.end(body.bytes);
  }
}

/** @param {import("node:http").ServerResponse} response @param {number} status @param {unknown} body */
function json(response, status, body) {
  response.statusCode = status;
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(body));
}

/** @param {string} file */
async function read(file) {
  try {
    return { bytes: await readFile(join(dist, file)), type: types[extname(file)] ?? "application/octet-stream" };
  } catch {
    return null;
  }
}

/** @param {number} status @param {string} detail @returns {[number, unknown]} */
function problem(status, detail) {
  const [type, title] = status === 401 ? ["unauthenticated", "Who calls is not known"] : status === 404 ? ["not-found", "Not found"] : status === 409 ? ["task-ended", "The task's state forbids it"] : ["unavailable", "Unavailable"];
  return [status, { type: `/problems/${type}`, title, status, detail, request_id: "req-7f3a" }];
}
