import { emptyWorld, manyWorld } from "./scenarios.mjs";
import { expect, row, screen, test } from "./fixtures";

test("the list shows what runs first, with bars, counts and ages", async ({ page, url }) => {
  await page.goto(url);
  const deploy = row(page, "npx cdk deploy MiyabiWebUIStack").first();
  await expect(deploy.getByRole("progressbar")).toHaveAttribute("aria-valuenow", "55");
  await expect(deploy).toContainText("deploy11 / 20");
  await expect(row(page, "agent: add rate limiting to the import endpoint").getByRole("progressbar")).not.toHaveAttribute("aria-valuenow");
  await expect(row(page, "cargo nextest run --workspace").getByRole("progressbar")).toHaveAttribute("aria-valuenow", "77");
  await expect(page.getByRole("row").nth(1)).toContainText("Running now");
  await expect(page.getByRole("button", { name: /4 Running/ })).toBeVisible();
  await expect(page.getByText("Polling", { exact: true })).toBeVisible();
  await page.screenshot(screen("list-light"));
});

test("a change is seen without a reload, and a lower version never goes back", async ({ page, url, server }) => {
  await page.goto(url);
  const build = row(page, "cargo build --release");
  await expect(build).toContainText("61%");
  server.update("build-api-88", { version: 20, progress: { current: 300, percentage: 86 } });
  await expect(build).toContainText("86%");
  server.update("build-api-88", { version: 12, progress: { current: 212, percentage: 61 } });
  const seen = server.requests.length;
  await expect.poll(() => server.requests.slice(seen).filter((request) => request.startsWith("GET /api/tasks?")).length).toBeGreaterThan(2);
  await expect(build).toContainText("86%");
  server.update("build-api-88", { version: 21, status: "succeeded", exit_code: 0, finished_at: new Date().toISOString(), progress: { current: 347, percentage: 100 } });
  await expect(build).toContainText("Succeeded");
  await expect(page.getByRole("button", { name: /3 Running/ })).toBeVisible();
});

test("what did not change costs a 304", async ({ page, url, server }) => {
  await page.goto(url);
  await expect.poll(() => server.requests.filter((request) => request.startsWith("GET /api/tasks?") && request.endsWith(" 304")).length).toBeGreaterThan(1);
});

test("filters, search and order live in the address and survive a reload", async ({ page, url }) => {
  await page.goto(url);
  await page.getByRole("button", { name: /5 Failed/ }).click();
  await expect(page).toHaveURL(/status=failed/);
  await page.getByLabel("Project").selectOption("web");
  await page.getByLabel("Sort").selectOption("longest");
  await page.keyboard.press("Tab");
  await page.getByRole("main").press("/");
  await page.keyboard.type("docker");
  await expect(page).toHaveURL(/project=web.*q=docker.*sort=longest|q=docker/);
  await expect(page.getByRole("link", { name: "docker buildx bake --push" })).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("Search tasks")).toHaveValue("docker");
  await expect(page.getByRole("row")).toHaveCount(2);
  await expect(page.locator("mark")).toHaveText("docker");
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect(row(page, "cargo build --release")).toBeVisible();
  expect(new URL(page.url()).search).toBe("?sort=longest");
});

test("a search without a match says so and offers a way back", async ({ page, url }) => {
  await page.goto(`${url}/?q=zzz`);
  await expect(page.getByRole("heading", { name: "No task matches" })).toBeVisible();
  await page.screenshot(screen("list-no-match"));
  await page.getByRole("main").getByRole("button", { name: "Clear filters" }).last().click();
  await expect(row(page, "cargo build --release")).toBeVisible();
});

test("the list works by keyboard alone", async ({ page, url }) => {
  await page.goto(url);
  await expect(row(page, "cargo build --release")).toBeVisible();
  await page.keyboard.press("j");
  await expect(page.locator(":focus")).toHaveText("python scripts/backfill_orders.py --from 2026-01-01");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await expect(page.locator(":focus")).toHaveText("cargo build --release");
  await page.keyboard.press("k");
  await expect(page.locator(":focus")).toHaveText("agent: add rate limiting to the import endpoint");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard" })).toBeVisible();
  await page.screenshot(screen("help"));
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(page.locator(":focus")).toHaveText("agent: add rate limiting to the import endpoint");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/tasks\/agent-issue-270$/);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("agent:");
  await page.keyboard.press("Escape");
  await expect(row(page, "cargo build --release")).toBeVisible();
  // The second key counts for a second after the first: on a slow machine it may come too late.
  await expect(async () => {
    await page.keyboard.press("g");
    await page.keyboard.press("p");
    await expect(page.getByRole("heading", { name: "Projects" })).toBeVisible({ timeout: 2_000 });
  }).toPass();
});

test.describe("with nothing there", () => {
  // oxlint-disable-next-line no-empty-pattern
  test.use({ world: async ({}, use) => use(emptyWorld()) });
  test("the page tells how to send the first task, and shows it when it comes", async ({ page, url, server, context }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.goto(url);
    await expect(page.getByRole("heading", { name: "Nothing has run yet" })).toBeVisible();
    await page.screenshot(screen("list-empty"));
    await page.getByRole("button", { name: "Copy" }).first().click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe("miyabi run -- npx cdk deploy");
    const { task } = await import("./scenarios.mjs");
    server.world.tasks.set("first", task({ task_id: "first", name: "make all" }));
    await expect(row(page, "make all")).toBeVisible();
  });
});

test.describe("with many tasks", () => {
  // oxlint-disable-next-line no-empty-pattern
  test.use({ world: async ({}, use) => use(manyWorld(2_000)) });
  test("only rows in view exist, older ones load on the way down, and old ones that run are on top", async ({ page, url, server }) => {
    await page.goto(url);
    // Five run; four of them are far below the first page.
    await expect(page.getByRole("row").filter({ hasText: "Running now" })).toContainText("5");
    const rows = page.getByRole("row");
    expect(await rows.count()).toBeLessThan(60);
    await expect
      .poll(async () => {
        await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
        return server.requests.filter((request) => request.includes("cursor=")).length;
      })
      .toBeGreaterThan(3);
    expect(await rows.count()).toBeLessThan(80);
    await page.screenshot(screen("list-many"));
  });
  test("going back finds the same place in the list", async ({ page, url }) => {
    await page.goto(url);
    await expect(page.getByRole("row").nth(3)).toBeVisible();
    await page.evaluate(() => window.scrollTo(0, 1500));
    const link = page.getByRole("link", { name: /--shard 19\d\d/ }).first();
    await expect(link).toBeVisible();
    await page.evaluate(() => new Promise(requestAnimationFrame));
    const before = await page.evaluate(() => window.scrollY);
    await page.getByRole("link", { name: "npm run job -- --shard 1979", exact: true }).click();
    await expect(page.getByRole("heading", { level: 1, name: "npm run job -- --shard 1979" })).toBeVisible();
    await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(0);
    await page.keyboard.press("Escape");
    await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(before - 400);
    await expect(page.getByRole("link", { name: "npm run job -- --shard 1979", exact: true })).toBeInViewport();
  });
  test("a task that runs, is old and ends is seen to end", async ({ page, url, server }) => {
    await page.goto(url);
    const section = page.getByRole("row").filter({ hasText: "Running now" });
    await expect(section).toContainText("5");
    server.update("task-000397", { status: "failed", exit_code: 2, finished_at: new Date().toISOString() });
    await expect(section).toContainText("4");
  });
});

test("an outage keeps what was known, says how old it is, and ends by itself", async ({ page, url, server }) => {
  await page.clock.install();
  await page.goto(url);
  await expect(row(page, "cargo build --release")).toBeVisible();
  server.mode = "failing";
  await expect(page.getByRole("alert")).toContainText("The API has a problem.");
  // From here no timer of the page fires: what brings it back is the button, and not the next poll.
  await page.clock.pauseAt(Date.now() + 60_000);
  await expect(page.getByRole("alert")).toContainText("The table does not answer.");
  await expect(page.getByRole("alert")).toContainText(/from \d+[sm] ago/);
  await expect(page.getByRole("alert")).toContainText("req-7f3a");
  await expect(row(page, "cargo build --release")).toContainText("61%");
  await page.screenshot(screen("list-error"));
  server.mode = "ok";
  server.update("build-api-88", { progress: { current: 300, percentage: 86 } });
  await page.getByRole("button", { name: "Try now" }).click();
  await expect(page.getByRole("alert")).toBeHidden();
  await expect(row(page, "cargo build --release")).toContainText("86%");
});

test("without any answer there is an error and no empty list", async ({ page, url, server }) => {
  server.mode = "cut";
  await page.goto(url);
  await expect(page.getByRole("alert")).toContainText("The API cannot be reached.");
  await expect(page.getByText("Nothing has run yet")).toBeHidden();
  server.mode = "ok";
  await expect(row(page, "cargo build --release")).toBeVisible();
});

test("while the first answer is on its way the outline is shown, and nothing jumps", async ({ page, url, server }) => {
  server.mode = "hanging";
  await page.addInitScript(() => {
    const shifts: number[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shifts.push((entry as unknown as { value: number }).value);
    }).observe({ type: "layout-shift", buffered: true });
  });
  await page.goto(url);
  await expect(page.locator(".row-skeleton").first()).toBeVisible();
  await page.screenshot(screen("list-loading"));
  server.mode = "ok";
  server.release();
  await expect(row(page, "cargo build --release")).toBeVisible();
  const total = await page.evaluate(() => (window as unknown as { shifts: number[] }).shifts.reduce((sum, shift) => sum + shift, 0));
  expect(total).toBeLessThan(0.1);
});
