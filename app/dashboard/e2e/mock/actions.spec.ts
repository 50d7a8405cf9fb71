import { expect, prepareAxe, row, screen, test, violations } from "./fixtures";

const box = (page: import("@playwright/test").Page, name: string) => page.getByRole("checkbox", { name: `Select ${name}`, exact: true });

test("a running task is cancelled once that was confirmed, and retried", async ({ page, url, server }) => {
  await prepareAxe(page);
  await page.goto(`${url}/tasks/build-api-88`);
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Cancel this task?" });
  await expect(dialog).toContainText("The job itself is not told");
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Keep running" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("button", { name: "Cancel", exact: true })).toBeFocused();
  expect(server.requests.filter((request) => request.startsWith("POST"))).toEqual([]);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Cancel task" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator(".hero")).toHaveAttribute("data-status", "cancelled");
  await page.getByRole("button", { name: "Retry", exact: true }).click();
  await page.getByRole("button", { name: "Retry task" }).click();
  await expect(page.locator(".hero")).toHaveAttribute("data-status", "queued");
  await expect(page.locator(".facts")).toContainText("Attempt2");
});

test("many tasks are cancelled at once, and what came of each is said", async ({ page, url, server }) => {
  await prepareAxe(page);
  await page.goto(url);
  await row(page, "cargo build --release").hover();
  await box(page, "cargo build --release").check();
  await box(page, "npx playwright test").first().check();
  await box(page, "cargo clippy --all-targets -- -D warnings").check();
  const bar = page.getByRole("toolbar", { name: "Selected tasks" });
  await expect(bar).toContainText("3 selected");
  await expect(bar.getByRole("button", { name: "Cancel 2" })).toBeEnabled();
  await expect(bar.getByRole("button", { name: "Retry 1" })).toBeEnabled();
  await page.screenshot(screen("list-selected"));
  expect(await violations(page)).toEqual([]);
  await bar.getByRole("button", { name: "Cancel 2" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("Cancel 2 tasks?");
  await expect(dialog).toContainText("1 of the selected task has ended");
  // It ends while the reader thinks about it: the API refuses, and the page says so.
  server.update("build-api-88", { status: "succeeded", finished_at: new Date().toISOString(), exit_code: 0 });
  await dialog.getByRole("button", { name: "Cancel 2 tasks" }).click();
  await expect(dialog).toContainText("1 task was cancelled.");
  await expect(dialog).toContainText("The API refused 1 task");
  await expect(dialog).toContainText("Task build-api-88 has ended: it succeeded.");
  await page.screenshot(screen("bulk-result"));
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await expect(bar).toBeHidden();
  await expect(page.getByRole("button", { name: /2 Cancelled/ })).toBeVisible();
});

test("without an answer nothing is claimed, and it can be tried again", async ({ page, url, server }) => {
  await page.goto(`${url}/tasks/build-api-88`);
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  await expect(page.getByRole("button", { name: "Cancel task" })).toBeVisible();
  server.mode = "failing";
  await page.getByRole("button", { name: "Cancel task" }).click();
  await expect(page.getByRole("dialog")).toContainText("For 1 task there was no answer");
  await expect(page.getByRole("dialog")).toContainText("The table does not answer.");
  server.mode = "ok";
  await page.getByRole("button", { name: "Try these again" }).click();
  await expect(page.locator(".hero")).toHaveAttribute("data-status", "cancelled");
});

test("tasks are selected by keyboard, in a row with shift, and all at once", async ({ page, url }) => {
  await page.goto(url);
  await expect(row(page, "cargo build --release")).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  const bar = page.getByRole("toolbar", { name: "Selected tasks" });
  await expect(bar).toContainText("2 selected");
  await box(page, "npx cdk deploy MiyabiWebUIStack").first().click({ modifiers: ["Shift"] });
  await expect(bar).toContainText("3 selected");
  await bar.getByRole("button", { name: /Select all/ }).click();
  await expect(bar).toContainText(/2\d selected/);
  await page.keyboard.press("Escape");
  await expect(bar).toBeHidden();
});

test("a task whose runner is silent is called stalled", async ({ page, url }) => {
  await prepareAxe(page);
  await page.goto(url);
  const stalled = row(page, "python scripts/backfill_orders.py --from 2026-01-01");
  await expect(stalled).toContainText("Stalled");
  await expect(stalled).toContainText("No sign of life for 3m");
  await stalled.getByRole("link").click();
  await expect(page.locator(".task-head .badge")).toHaveText("Stalled");
  await expect(page.locator(".hero-time")).toContainText("No sign of life for");
  expect(await violations(page)).toEqual([]);
});
