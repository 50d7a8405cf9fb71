/**
 * What readers do, on the page of a running system at `MIYABI_DASHBOARD_URL`: real API, real table, real socket. Tasks are
 * made through the API. Between page and system stands a line that can be cut, for the network that goes and comes back.
 */
import { expect, test, type APIRequestContext, type Page } from "@playwright/test";
import { createServer, connect, type Server, type Socket } from "node:net";

const origin = new URL(process.env["MIYABI_DASHBOARD_URL"] ?? "http://127.0.0.1");

/** A line between a page and the system: it can be cut, mended and slowed down. */
class Line {
  url = "";
  delayMs = 0;
  #server: Server | undefined;
  #sockets = new Set<Socket>();
  #port = 0;

  async mend(): Promise<void> {
    this.#server = createServer((near) => {
      const far = connect(Number(origin.port), origin.hostname);
      for (const [from, to] of [[near, far], [far, near]] as const) {
        this.#sockets.add(from);
        from.on("data", (data) => (this.delayMs === 0 ? to.write(data) : setTimeout(() => to.writable && to.write(data), this.delayMs)));
        from.on("close", () => {
          this.#sockets.delete(from);
          to.destroy();
        });
        from.on("error", () => to.destroy());
      }
    });
    const server = this.#server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.#port, "127.0.0.1", resolve);
    });
    const address = server.address();
    this.#port = typeof address === "object" && address !== null ? address.port : 0;
    this.url = `http://127.0.0.1:${this.#port}`;
  }

  /** Every connection ends, and none comes through any more. */
  async cut(): Promise<void> {
    const closed = new Promise<void>((resolve) => (this.#server ? this.#server.close(() => resolve()) : resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

/** One job, reported as `miyabi run` would. */
class Job {
  #sequence = 0;
  attempt = 1;
  constructor(
    private readonly api: APIRequestContext,
    readonly id: string,
    readonly project: string,
  ) {}

  static async begin(api: APIRequestContext, name: string): Promise<Job> {
    const unique = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
    const job = new Job(api, `journey-${unique}`, `journeys-${unique}`);
    await job.#post("/api/tasks", { task_id: job.id, project_id: job.project, task_type: "build", name });
    await job.report({ type: "started" });
    return job;
  }

  async report(...bodies: object[]): Promise<void> {
    const events = bodies.map((body) => ({ attempt: this.attempt, sequence: (this.#sequence += 1), time: new Date().toISOString(), ...body }));
    await this.#post(`/api/tasks/${this.id}/events`, { events });
  }

  step = (number: number, status: string) => ({ type: "step", step_id: `step-${number}`, name: `Step ${number}`, kind: "phase", status });

  nextAttempt(): void {
    this.attempt += 1;
    this.#sequence = 0;
  }

  async #post(path: string, data: object): Promise<void> {
    const answer = await this.api.post(new URL(path, origin).href, { data });
    expect(answer.ok(), `${path}: ${answer.status()} ${await answer.text()}`).toBe(true);
  }
}

const errors: string[] = [];
let line: Line;
test.beforeEach(async ({ page }) => {
  errors.length = 0;
  page.on("pageerror", (error) => errors.push(error.message));
  line = new Line();
  await line.mend();
});
test.afterEach(async () => {
  await line.cut();
  expect(errors).toEqual([]);
});

test("a job is found, followed to its failure, retried and cancelled", async ({ page, request }) => {
  const job = await Job.begin(request, `make <b>everything</b> ${Date.now()}`);
  await page.goto(`${line.url}/?project=${job.project}`);
  await page.getByRole("link", { name: /make <b>everything<\/b>/ }).click();
  const hero = page.locator(".hero");
  await expect(hero).toHaveAttribute("data-status", "running");
  await job.report(job.step(1, "running"), { type: "progress", current: 3, total: 12, phase: "compile", message: "first part" });
  await expect(hero.getByRole("progressbar")).toHaveAttribute("aria-valuenow", "25");
  await expect(hero).toContainText("compile");
  await expect(page.locator(".step").filter({ hasText: "Step 1" })).toHaveAttribute("data-status", "running");
  await job.report({ ...job.step(1, "failed"), message: "the disk is full" }, { type: "result", status: "failed", exit_code: 28, message: "no space" });
  await expect(hero).toHaveAttribute("data-status", "failed");
  await expect(page.getByRole("region", { name: "Failed step" })).toContainText("the disk is full");

  await page.getByRole("button", { name: "Retry", exact: true }).click();
  await page.getByRole("button", { name: "Retry task" }).click();
  await expect(hero).toHaveAttribute("data-status", "queued");
  job.nextAttempt();
  await job.report({ type: "started" }, { type: "progress", current: 6, total: 12 });
  await expect(hero.getByRole("progressbar")).toHaveAttribute("aria-valuenow", "50");
  await expect(page.locator(".facts")).toContainText("Attempt2");

  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  await page.getByRole("button", { name: "Cancel task" }).click();
  await expect(hero).toHaveAttribute("data-status", "cancelled");
  const stored = (await (await request.get(new URL(`/api/tasks/${job.id}`, origin).href)).json()) as { status: string; attempt: number };
  expect(stored).toMatchObject({ status: "cancelled", attempt: 2 });
});

test("a line that breaks during a run loses nothing and doubles nothing", async ({ page, request }) => {
  const job = await Job.begin(request, "a run with a broken line");
  await page.goto(`${line.url}/tasks/${job.id}`);
  await job.report(job.step(1, "succeeded"), { type: "progress", current: 1, total: 40 });
  await expect(page.locator(".step")).toHaveCount(1);
  for (let round = 0; round < 2; round++) {
    await line.cut();
    const from = 2 + round * 15;
    for (let number = from; number < from + 15; number++) await job.report(job.step(number, "succeeded"), { type: "progress", current: number, total: 40 });
    // Nothing is pretended meanwhile: either it is said that the page is behind, or the page still shows what it knew.
    await expect(page.locator(".freshness")).toHaveAttribute("data-state", /^(?:failing|delayed|offline|catching-up)$/);
    await line.mend();
    await expect(page.locator(".step")).toHaveCount(from + 14);
  }
  const names = await page.locator(".step .step-title").allTextContents();
  expect(names.toSorted((left, right) => Number(left.slice(5)) - Number(right.slice(5)))).toEqual(Array.from({ length: 31 }, (_, index) => `Step ${index + 1}`));
  await expect(page.getByRole("alert")).toBeHidden();
  await job.report({ type: "result", status: "succeeded", exit_code: 0 });
  await expect(page.locator(".hero")).toHaveAttribute("data-status", "succeeded");
});

test("on a slow network the page is usable from the first answer", async ({ page, request }) => {
  const job = await Job.begin(request, "a run on a slow network");
  line.delayMs = 400;
  await page.goto(`${line.url}/tasks/${job.id}`);
  await expect(page.getByRole("heading", { level: 1, name: "a run on a slow network" })).toBeVisible();
  await job.report({ type: "progress", current: 9, total: 10 });
  await expect(page.locator(".hero").getByRole("progressbar")).toHaveAttribute("aria-valuenow", "90");
  await job.report({ type: "result", status: "succeeded", exit_code: 0 });
  await expect(page.locator(".hero")).toHaveAttribute("data-status", "succeeded");
});

/** `MIYABI_E2E_VIEWERS=50` is for a machine with more than two cores to draw fifty pages. */
const VIEWERS = Number(process.env["MIYABI_E2E_VIEWERS"] ?? 10);

test("many viewers see the same run, forwards only and to its end", async ({ context, request }) => {
  const job = await Job.begin(request, "a run with many viewers");
  const viewers: Page[] = [];
  while (viewers.length < VIEWERS) {
    // Five at a time: pages that all load at once would wait for the processor and not for Miyabi.
    const opened = await Promise.all(Array.from({ length: Math.min(5, VIEWERS - viewers.length) }, () => context.newPage()));
    await Promise.all(
      opened.map(async (viewer) => {
        viewer.on("pageerror", (error) => errors.push(error.message));
        await viewer.goto(`${line.url}/tasks/${job.id}`);
        await expect(viewer.locator(".hero")).toHaveAttribute("data-status", "running");
        await viewer.evaluate(() => {
          const seen: number[] = [];
          const look = (): void => {
            const value = Number(document.querySelector(".hero [role=progressbar]")?.getAttribute("aria-valuenow") ?? Number.NaN);
            if (!Number.isNaN(value) && seen.at(-1) !== value) seen.push(value);
          };
          new MutationObserver(look).observe(document.body, { attributes: true, childList: true, subtree: true });
          Object.assign(globalThis, { seen });
        });
      }),
    );
    viewers.push(...opened);
  }
  for (let current = 1; current <= 20; current++) await job.report(job.step(current, "succeeded"), { type: "progress", current, total: 20 });
  await job.report({ type: "result", status: "succeeded", exit_code: 0 });
  for (const viewer of viewers) {
    await expect(viewer.locator(".hero")).toHaveAttribute("data-status", "succeeded");
    await expect(viewer.locator(".step")).toHaveCount(20);
    const seen = await viewer.evaluate(() => (globalThis as unknown as { seen: number[] }).seen);
    expect(seen).toEqual(seen.toSorted((left, right) => left - right));
    expect(seen.at(-1)).toBe(100);
  }
});
