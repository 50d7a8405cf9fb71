import { expect, prepareAxe, screen, test, violations } from "./fixtures";

const pages = [
  ["list", "/"],
  ["task", "/tasks/deploy-web-1042"],
  ["task-failed", "/tasks/deploy-web-1039?steps=details"],
  ["task-unknown-total", "/tasks/agent-issue-270"],
  ["projects", "/projects"],
  ["project", "/projects/web"],
  ["system", "/system"],
] as const;

for (const scheme of ["light", "dark"] as const) {
  for (const [name, path] of pages) {
    test(`${name} has no accessibility violations in ${scheme}`, async ({ page, url }) => {
      await prepareAxe(page);
      await page.emulateMedia({ colorScheme: scheme });
      await page.goto(url + path);
      await expect(page.getByText("Polling", { exact: true })).toBeVisible();
      await expect(page.locator(".skeleton")).toHaveCount(0);
      if (path.startsWith("/tasks/deploy")) await expect(page.locator(".log-line").first()).toBeVisible();
      expect(await violations(page)).toEqual([]);
      if (scheme === "dark") await page.screenshot(screen(`${name}-dark`));
    });
  }
}

test("the other states have no accessibility violations either", async ({ page, url, server }) => {
  await prepareAxe(page);
  await page.goto(`${url}/?q=zzz`);
  await expect(page.getByRole("heading", { name: "No task matches" })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.goto(`${url}/tasks/nobody`);
  await expect(page.getByRole("heading", { name: "There is no such task" })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  server.world.tasks.clear();
  await page.goto(url);
  await expect(page.getByRole("heading", { name: "Nothing has run yet" })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  server.mode = "failing";
  await expect(page.getByRole("alert")).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test.describe("on 360 px", () => {
  test.use({ viewport: { width: 360, height: 780 } });
  for (const [name, path] of pages) {
    test(`${name} needs no sideways scrolling`, async ({ page, url }) => {
      await page.goto(url + path);
      await expect(page.locator(".skeleton")).toHaveCount(0);
      await expect(page.getByRole("heading").first()).toBeAttached();
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(overflow).toBe(0);
      await page.screenshot({ ...screen(`${name}-narrow`), fullPage: true });
    });
  }
});

test.describe("on 360 px, without an API", () => {
  test.use({ viewport: { width: 360, height: 780 }, locale: "ja-JP" });
  test("the longest words for the state of the connection fit too", async ({ page, url, server }) => {
    await page.goto(url);
    await expect(page.locator(".row").first()).toBeVisible();
    server.mode = "cut";
    await expect(page.locator('.freshness[data-state="failing"]')).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
    await page.screenshot(screen("outage-narrow"));
  });
});

test.describe("in Japanese", () => {
  test.use({ locale: "ja-JP" });
  test("the browser's language is taken, and can be changed for good", async ({ page, url }) => {
    await page.goto(url);
    await expect(page.getByRole("link", { name: "プロジェクト" })).toBeVisible();
    await expect(page.locator("html")).toHaveAttribute("lang", "ja");
    await page.screenshot(screen("list-japanese"));
    await page.goto(`${url}/tasks/deploy-web-1039`);
    await expect(page.getByRole("heading", { name: "失敗したステップ" })).toBeVisible();
    await page.screenshot({ ...screen("task-japanese"), fullPage: true });
    await page.getByRole("button", { name: "English" }).click();
    await expect(page.getByRole("heading", { name: "Failed step" })).toBeVisible();
    await page.reload();
    await expect(page.locator("html")).toHaveAttribute("lang", "en");
  });
});

test("the theme follows the system, and a choice against it stays", async ({ page, url }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto(url);
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const dark = await ground();
  await page.getByRole("button", { name: "Theme: System" }).click();
  await expect.poll(ground).not.toBe(dark);
  await page.reload();
  await expect(page.getByRole("button", { name: "Theme: Light" })).toBeVisible();
  expect(await ground()).not.toBe(dark);
});

test("times are those of the reader's zone", async ({ page, url, world }) => {
  const { task } = await import("./scenarios.mjs");
  world.tasks.set("zone", task({ task_id: "zone", name: "zoned", created_at: "2026-01-02T20:30:00Z", status: "succeeded", finished_at: "2026-01-02T20:31:00Z" }));
  await page.goto(`${url}/tasks/zone`);
  // 20:30 in UTC is 05:30 of the next day in Tokyo.
  await expect(page.locator('time[datetime="2026-01-02T20:30:00Z"]').first()).toHaveAttribute("title", /Jan 3, 2026.*05:30:00/);
});
