import { expect, prepareAxe, row, screen, test, violations } from "./fixtures";
import { manyWorld } from "./scenarios.mjs";

test("the palette goes everywhere by keyboard", async ({ page, url }) => {
  await prepareAxe(page);
  await page.goto(url);
  await expect(row(page, "cargo build --release")).toBeVisible();
  await page.keyboard.press("Control+k");
  const field = page.getByRole("combobox", { name: "Search everything" });
  await expect(field).toBeFocused();
  await page.screenshot(screen("palette"));
  expect(await violations(page)).toEqual([]);
  await field.fill("clippy");
  await expect(page.getByRole("option", { name: /cargo clippy/ })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: /cargo clippy/ })).toBeVisible();
  await page.keyboard.press("Control+k");
  await field.fill("system");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/system$/);
  await page.keyboard.press("Control+k");
  await field.fill("dark");
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.keyboard.press("Control+k");
  await page.keyboard.press("Escape");
  await expect(field).toBeHidden();
});

test.describe("with many tasks", () => {
  // oxlint-disable-next-line no-empty-pattern
  test.use({ world: async ({}, use) => use(manyWorld(2_000)) });
  test("it finds what the page has not loaded", async ({ page, url }) => {
    await page.goto(url);
    await expect(page.getByRole("row").nth(3)).toBeVisible();
    await page.getByRole("button", { name: "Search everything" }).click();
    await page.getByRole("combobox", { name: "Search everything" }).fill("--shard 123");
    await expect(page.getByRole("option", { name: /--shard 1235/ })).toBeVisible();
    await page.getByRole("combobox", { name: "Search everything" }).fill("nothing has this");
    await expect(page.getByText("Nothing found")).toBeVisible();
  });
});

test("the end of a task is told by choice, while the page is not looked at", async ({ page, url, server, context }) => {
  await context.grantPermissions(["notifications"], { origin: url });
  await page.addInitScript(() => {
    const told: { title: string; body: string | undefined }[] = [];
    class Fake extends EventTarget {
      static permission = "granted";
      static requestPermission = () => Promise.resolve("granted");
      constructor(title: string, options?: NotificationOptions) {
        super();
        told.push({ title, body: options?.body });
      }
      close() {}
    }
    Object.assign(window, { told, Notification: Fake });
    document.hasFocus = () => false;
  });
  const told = () => page.evaluate(() => (window as unknown as { told: { title: string; body: string }[] }).told);
  await page.goto(url);
  await page.getByRole("button", { name: "Notifications: Off" }).click();
  await page.getByRole("radio", { name: "When a task fails" }).check();
  await page.screenshot(screen("notifications"));
  await page.keyboard.press("Escape");
  server.update("build-api-88", { status: "succeeded", exit_code: 0, finished_at: new Date().toISOString() });
  await expect(row(page, "cargo build --release")).toContainText("Succeeded");
  server.update("deploy-web-1042", { status: "failed", exit_code: 1, finished_at: new Date().toISOString(), progress: { message: "no space left" } });
  await expect.poll(told).toHaveLength(1);
  expect((await told())[0]).toMatchObject({ title: "Failed: npx cdk deploy MiyabiWebUIStack", body: expect.stringContaining("no space left") });
  // One task alone, whatever the choice; heard on another page too.
  await page.goto(`${url}/tasks/agent-issue-270`);
  await page.getByRole("button", { name: "Tell me" }).click();
  await expect(page.getByRole("button", { name: "Tell me" })).toHaveAttribute("aria-pressed", "true");
  await page.getByRole("link", { name: "System" }).click();
  await expect(page.getByRole("heading", { name: "System" })).toBeVisible();
  server.update("agent-issue-270", { status: "succeeded", exit_code: 0, finished_at: new Date().toISOString() });
  await expect.poll(told).toHaveLength(1);
  expect((await told())[0]?.title).toContain("Succeeded: agent:");
});

test("the system page says how fresh the page is, and what the API says of itself", async ({ page, url, server }) => {
  await page.goto(`${url}/system`);
  const figure = (name: string) => page.locator(".figure").filter({ has: page.getByRole("heading", { name, exact: true }) });
  await expect(figure("Health")).toContainText("Well");
  await expect(figure("Cache hits")).toContainText(/\d+%/);
  await expect(figure("Waiting")).toContainText("2");
  await expect(figure("Running")).toContainText("Stalled1");
  await expect(figure("Freshness")).toContainText("No socket here");
  await expect(figure("Freshness")).toContainText("Changes measured0");
  server.update("build-api-88", { progress: { current: 300, percentage: 86 } });
  await expect(figure("Freshness")).toContainText("Changes measured1");
});
