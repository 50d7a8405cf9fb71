/** Who is at the page: signing in and out, what happens when that ends, and links to one task. */

import { ISSUER, MockIssuer } from "./issuer.mjs";
import { expect, prepareAxe, screen, test, violations } from "./fixtures";

const NAME = "ada@example.com";

test.beforeEach(async ({ server, context }) => {
  server.issuer = new MockIssuer();
  // Its name leads to the mock, as a browser finds it: another origin, by TLS.
  await context.route(`${ISSUER}/**`, async (route) => {
    const request = route.request();
    const place = new URL(request.url());
    const body = request.postData();
    const answer = await fetch(`${server.url}/issuer${place.pathname}${place.search}`, { method: request.method(), redirect: "manual", ...(body === null ? {} : { body }) });
    await route.fulfill({ status: answer.status, headers: { ...Object.fromEntries(answer.headers), "access-control-allow-origin": "*" }, body: await answer.text() });
  });
});

test("who is not signed in is led in, and back to where they were", async ({ page, url }) => {
  await prepareAxe(page);
  await page.goto(`${url}/projects`);
  await expect(page.getByRole("heading", { name: "Sign in to see this" })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.screenshot(screen("sign-in"));
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Projects" })).toBeVisible();
  await expect(page).toHaveURL(`${url}/projects`);
  await expect(page.getByRole("button", { name: `Sign out (Signed in as ${NAME})` })).toBeVisible();
  // A reload is no new sign-in, and another place is none either.
  await page.reload();
  await page.getByRole("link", { name: "Tasks", exact: true }).click();
  await expect(page.getByRole("table")).toBeVisible();
});

test("a token that ends is renewed once, whoever needs it, and nothing is seen of it", async ({ page, url, server }) => {
  await page.goto(url);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("table")).toBeVisible();
  server.issuer?.expire();
  await page.getByRole("link", { name: "Projects", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Projects" })).toBeVisible();
  await expect.poll(() => server.issuer?.renewals).toBe(1);
  await expect(page.getByRole("heading", { name: "You are signed out" })).toBeHidden();
  await expect(page.getByRole("alert")).toBeHidden();
});

test("when nothing can be renewed the page says so, shows nothing more and leads in again", async ({ page, url, server }) => {
  await page.goto(url);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("table")).toBeVisible();
  server.issuer?.expire(true);
  await expect(page.getByRole("heading", { name: "You are signed out" })).toBeVisible();
  await expect(page.getByRole("table")).toBeHidden();
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("table")).toBeVisible();
});

test("signing out ends it here and at the issuer", async ({ page, url, server }) => {
  await page.goto(url);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: /^Sign out/ }).click();
  await expect(page.getByRole("heading", { name: "Sign in to see this" })).toBeVisible();
  expect(server.issuer?.good.size).toBe(0);
  expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }))).not.toContain("access");
});

test("an answer that nobody asked for signs nobody in", async ({ page, url, server }) => {
  await page.goto(`${url}/?code=stolen&state=of-somebody-else`);
  await expect(page.getByRole("heading", { name: "Signing in did not work" })).toBeVisible();
  await expect(page).toHaveURL(`${url}/`);
  expect(server.issuer?.good.size).toBe(0);
});

test("a refusal of the issuer is told", async ({ page, url, server }) => {
  if (server.issuer) server.issuer.refuses = true;
  await page.goto(url);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Signing in did not work" })).toBeVisible();
  await expect(page.getByRole("alert")).toHaveText("access_denied");
});

test("a link shows its one task to who is not signed in, until it is taken back", async ({ page, url, server, world, browser }) => {
  const task = [...world.tasks.values()].find((each) => each.status === "running");
  if (!task) throw new Error("no task runs");
  await page.goto(url);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator(`a[href="/tasks/${task.task_id}"]`).first().click();
  await page.getByRole("button", { name: "Share", exact: true }).click();
  await page.getByRole("button", { name: "Make a link" }).click();
  const link = await page.getByRole("textbox", { name: "Link", exact: true }).inputValue();
  await expect(page.getByRole("textbox", { name: "Badge, as Markdown" })).toHaveValue(new RegExp(`badge\\.svg\\?share=mys_.*\\)\\]\\(${url}/tasks/`));
  await page.screenshot(screen("share"));

  const before = server.requests.length;
  const context = await browser.newContext();
  const other = await context.newPage();
  await other.goto(link);
  await expect(other.getByRole("heading", { level: 1, name: task.name })).toBeVisible();
  await expect(other.getByText("You see this one task by a link.")).toBeVisible();
  await expect(other.getByRole("button", { name: "Cancel", exact: true })).toBeHidden();
  await expect(other.getByRole("navigation", { name: "Main" })).toBeHidden();
  // It asks for nothing that a link does not open.
  expect(server.requests.slice(before).filter((request) => request.endsWith(" 401"))).toEqual([]);

  await page.getByRole("button", { name: "Take back all links to this task" }).click();
  await expect(page.getByText("No link to this task is good any more")).toBeVisible();
  await expect(other.getByRole("heading", { name: "This link is no longer good" })).toBeVisible();
  await context.close();
});

test("where people have no way in, the page says so", async ({ page, url, server }) => {
  await page.route("**/config.json", (route) => route.fulfill({ status: 404 }));
  expect(server.issuer).not.toBeNull();
  await page.goto(url);
  await expect(page.getByText("names no way for people to sign in")).toBeVisible();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeHidden();
});
