/**
 * The page of a running system, at `MIYABI_DASHBOARD_URL`. With `MIYABI_E2E_TASK_ID`, that task is opened and has to
 * reach `MIYABI_E2E_STATUS` (`succeeded` where it is not set). Screenshots go to `test-results/screens`.
 */
import { expect, test } from "@playwright/test";

const taskId = process.env["MIYABI_E2E_TASK_ID"];
const status = process.env["MIYABI_E2E_STATUS"] ?? "succeeded";
/** A real deployment may take its time. */
const PATIENCE_MS = Number(process.env["MIYABI_E2E_PATIENCE_MS"] ?? 240_000);

test("the list is live", async ({ page }) => {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto("/");
  await expect(page.locator('.freshness:is([data-state="live"], [data-state="polling"])')).toBeVisible();
  await expect(page.getByRole("table").or(page.locator(".empty"))).toBeVisible();
  await page.screenshot({ path: "test-results/screens/live-list.png" });
  expect(errors).toEqual([]);
});

test("a task reaches its end in the page", async ({ page }) => {
  test.skip(taskId === undefined, "MIYABI_E2E_TASK_ID names no task");
  test.setTimeout(PATIENCE_MS + 30_000);
  await page.goto(`/tasks/${encodeURIComponent(taskId ?? "")}`);
  const hero = page.locator(".hero");
  await expect(hero).toHaveAttribute("data-status", status, { timeout: PATIENCE_MS });
  if (status === "succeeded") await expect(hero.getByRole("progressbar")).toHaveAttribute("aria-valuenow", "100");
  await page.screenshot({ path: "test-results/screens/live-task.png", fullPage: true });
});
