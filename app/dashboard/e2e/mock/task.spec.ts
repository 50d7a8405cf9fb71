import { longLog } from "./scenarios.mjs";
import { expect, screen, test } from "./fixtures";

test("a task shows how far it is, its steps, its chart and its log, and follows", async ({ page, url, server }) => {
  await page.goto(`${url}/tasks/deploy-web-1042`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("npx cdk deploy MiyabiWebUIStack");
  await expect(page.locator(".hero")).toContainText("55%");
  await expect(page.locator(".remaining")).toHaveText("2m to 4m left");
  await expect(page.locator(".remaining")).toHaveAttribute("title", /such tasks took before/);
  await expect(page.locator(".facts")).toContainText("cdk-text – lines in the columns of cdk");
  await expect(page).toHaveTitle("55% · npx cdk deploy MiyabiWebUIStack · Miyabi");
  await expect(page.locator('link[rel="icon"]')).toHaveAttribute("href", /^data:image\/svg/);
  await expect(page.getByText("13 of 23 ended")).toBeVisible();
  await expect(page.getByRole("img", { name: /55% after/ })).toBeVisible();
  const log = page.getByRole("region", { name: "Output of the task" });
  await expect(log).toContainText("CREATE_COMPLETE");
  await log.scrollIntoViewIfNeeded();
  server.log("deploy-web-1042", "\u001b[35mthe newest line\u001b[0m");
  await expect(log.getByText("the newest line")).toBeInViewport();
  await expect(log.getByText("the newest line")).toHaveClass(/fg-5/);
  await page.screenshot({ ...screen("task-light"), fullPage: true });
  server.update("deploy-web-1042", { status: "succeeded", exit_code: 0, finished_at: new Date().toISOString(), progress: { current: 20, percentage: 100 } });
  await expect(page.locator(".hero")).toContainText("100%");
  await expect(page).toHaveTitle(/^Succeeded · /);
  // Its unfinished steps stand still with it.
  await expect(page.getByText("23 of 23 ended")).toBeVisible();
  await expect(page.locator('.step[data-status="running"]')).toHaveCount(0);
});

test("a failed task says why before everything else", async ({ page, url }) => {
  await page.goto(`${url}/tasks/deploy-web-1039`);
  const failure = page.getByRole("region", { name: "Failed step" });
  await expect(failure).toContainText("Edge");
  await expect(failure).toContainText("AWS::CloudFront::Distribution");
  await expect(failure).toContainText("not authorized to perform");
  await page.screenshot({ ...screen("task-failed"), fullPage: true });
  await failure.getByRole("button", { name: "Edge" }).click();
  await expect(page.locator(":focus")).toContainText("Edge");
  await page.keyboard.press("e");
  await expect(page.locator(".log-line-current")).toContainText("CREATE_FAILED");
  await page.getByRole("button", { name: "Details" }).click();
  await expect(page).toHaveURL(/steps=details/);
  await expect(page.locator(".step-kind").filter({ hasText: "AWS::SQS::Queue" })).toBeAttached();
  await page.getByRole("button", { name: "Hide the steps in MiyabiWebUIStack" }).click();
  await expect(page.locator(".step")).toHaveCount(3);
});

test("a task is compared with the last run of the same command, step by step", async ({ page, url }) => {
  await page.goto(`${url}/tasks/deploy-web-1042`);
  const comparison = page.getByRole("region", { name: "Beside the last run" });
  await expect(comparison.getByRole("link", { name: "Succeeded" })).toHaveAttribute("href", "/tasks/deploy-web-1038");
  await expect(comparison).toContainText("It took1m 24s");
  // The resources take longer this time, and the page says which and by how much.
  await expect(comparison.locator(".comparison-steps li").first()).toContainText("→");
  await expect(page.locator(".step").filter({ hasText: "TasksTable" }).locator(".step-duration")).toHaveAttribute("title", /^Usually 3\.\d+s$/);
  await expect(page.locator(".timeline-usual").first()).toBeAttached();
});

test("a long log opens at its end, loads older lines on the way up, and finds", async ({ page, url, world }) => {
  longLog(world);
  await page.goto(`${url}/tasks/deploy-web-1042`);
  const log = page.getByRole("region", { name: "Output of the task" });
  await log.scrollIntoViewIfNeeded();
  await expect(log.getByText("line 25000 of")).toBeInViewport();
  await expect(page.getByText("1,000 lines loaded")).toBeVisible();
  expect(await page.locator(".log-line").count()).toBeLessThan(120);
  // Older lines come in front, and what was in view stays in view.
  await log.evaluate((element) => element.scrollTo(0, 300));
  await expect(page.getByText("2,000 lines loaded")).toBeVisible();
  await expect(log.getByText("line 24016 of")).toBeInViewport();
  await expect(log).toHaveAttribute("data-follow", "false");
  await page.getByLabel("Search the log").fill("24100 OF");
  await page.keyboard.press("Enter");
  await expect(page.getByText("1 of 1")).toBeVisible();
  await expect(page.locator(".log-line-current mark").first()).toBeInViewport();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Follow", exact: true }).click();
  await expect(log.getByText("line 25000 of")).toBeInViewport();
  await page.getByRole("button", { name: "Times" }).click();
  await expect(page.locator(".log-time").first()).toHaveText(/^\d\d:\d\d:\d\d\.\d{3}$/);
});

test("groups of lines are folded, and open for what is looked for in them", async ({ page, url, world }) => {
  const lines = ["start", "::group::Install", "added 100 packages", "found 0 vulnerabilities", "::endgroup::", "##[group]Test", "3 passed", "error: 1 failed", "##[endgroup]", "end"];
  world.logs.set("build-api-88", lines.map((message) => ({ timestamp: new Date().toISOString(), message })));
  await page.goto(`${url}/tasks/build-api-88`);
  const log = page.getByRole("region", { name: "Output of the task" });
  await expect(log.getByText("added 100 packages")).toBeVisible();
  await expect(log.getByText("endgroup")).toHaveCount(0);
  await page.getByRole("button", { name: "Install 2 lines" }).click();
  await expect(log.getByText("added 100 packages")).toBeHidden();
  await page.getByRole("button", { name: "Fold", exact: true }).click();
  await expect(log.getByText("error: 1 failed")).toBeHidden();
  await expect(page.locator(".log-line")).toHaveCount(2);
  await page.keyboard.press("e");
  await expect(page.locator(".log-line-current")).toContainText("error: 1 failed");
  await page.getByLabel("Search the log").fill("vulner");
  await page.keyboard.press("Enter");
  await expect(page.locator(".log-line-current mark")).toHaveText("vulner");
});

test("a log can be loaded as a whole, and be searched to its first line", async ({ page, url, world }) => {
  longLog(world, "deploy-web-1042", 12_500);
  await page.goto(`${url}/tasks/deploy-web-1042`);
  await expect(page.getByText("1,000 lines loaded")).toBeVisible();
  await page.getByRole("button", { name: "Load all" }).click();
  await expect(page.getByText("12,500 lines", { exact: true })).toBeVisible();
  await page.getByLabel("Search the log").fill("line 7 of");
  await page.keyboard.press("Enter");
  await expect(page.getByText("1 of 1", { exact: true })).toBeVisible();
  await expect(page.locator(".log-line-current .log-number")).toHaveText("7");
});

test("the whole log can be downloaded, without its colours", async ({ page, url, world }) => {
  longLog(world, "deploy-web-1042", 2_345);
  await page.goto(`${url}/tasks/deploy-web-1042`);
  await expect(page.getByText("1,000 lines loaded")).toBeVisible();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download" }).click()]);
  expect(download.suggestedFilename()).toBe("deploy-web-1042.log");
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  const lines = Buffer.concat(chunks).toString("utf8").split("\n");
  expect(lines).toHaveLength(2_346);
  expect(lines[0]).toBe("line 1 of a long log");
});

test("a task nobody knows is said to be unknown, and appears when it is reported", async ({ page, url, server }) => {
  await page.goto(`${url}/tasks/later`);
  await expect(page.getByRole("heading", { name: "There is no such task" })).toBeVisible();
  await expect(page.getByRole("alert")).toBeHidden();
  await page.screenshot(screen("task-not-found"));
  const { task } = await import("./scenarios.mjs");
  server.world.tasks.set("later", task({ task_id: "later", name: "make later" }));
  await expect(page.getByRole("heading", { name: "make later" })).toBeVisible();
});

test("an identifier may hold every character that it may", async ({ page, url, server }) => {
  const { task } = await import("./scenarios.mjs");
  const id = "Deploy_v1.2:api-3.css";
  server.world.tasks.set(id, task({ task_id: id, name: "make odd", project_id: "team:web.1" }));
  await page.goto(url);
  await page.getByRole("link", { name: "make odd" }).click();
  await expect(page).toHaveURL(`${url}/tasks/${id}`);
  await page.reload();
  await expect(page.getByRole("heading", { name: "make odd" })).toBeVisible();
  await page.getByRole("link", { name: "team:web.1" }).first().click();
  await expect(page.getByRole("heading", { name: "team:web.1" })).toBeVisible();
});

test("names, messages and lines are text, whatever they hold", async ({ page, url, world }) => {
  const { task, step } = await import("./scenarios.mjs");
  const hostile = `<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>\${window.pwned=1}`;
  world.tasks.set("evil", task({ task_id: "evil", name: hostile, status: "failed", finished_at: new Date().toISOString(), exit_code: 1, labels: { [hostile]: hostile }, progress: { phase: hostile, message: hostile, source: hostile } }));
  world.steps.set("evil", [step({ step_id: "a", name: hostile, kind: hostile, status: "failed", message: hostile, started_at: new Date().toISOString(), finished_at: new Date().toISOString() })]);
  // A run before it, so that it is compared, and stands in the project's history.
  const before = new Date(Date.now() - 60_000).toISOString();
  for (const id of ["before", "before-2", "before-3"]) {
    world.tasks.set(id, task({ task_id: id, name: hostile, status: "failed", created_at: before, started_at: before, finished_at: new Date().toISOString(), exit_code: 1 }));
    world.steps.set(id, world.steps.get("evil") ?? []);
  }
  world.logs.set("evil", [`::group::${hostile}`, hostile, `\u001b]8;;javascript:window.pwned=1\u0007link\u001b]8;;\u0007`, `\u001b[38;2;1;2;3m${hostile}`].map((message) => ({ timestamp: new Date().toISOString(), message })));
  await page.goto(url);
  await expect(page.getByRole("link", { name: hostile })).toHaveCount(4);
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Search everything" }).fill("<script>");
  await expect(page.locator(".palette-entry mark")).toHaveText(["<script>", "<script>", "<script>", "<script>"]);
  await page.keyboard.press("Escape");
  await page.goto(`${url}/tasks/evil`);
  await expect(page.getByRole("region", { name: "Beside the last run" })).toBeVisible();
  await page.getByRole("button", { name: "Retry", exact: true }).click();
  await expect(page.getByRole("dialog")).toContainText(hostile);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(hostile);
  await expect(page.locator(".log-line")).toHaveCount(3);
  await expect(page.locator(".log-group")).toContainText(hostile);
  await expect(page.getByRole("region", { name: "Output of the task" }).getByRole("link")).toHaveCount(0);
  expect(await page.evaluate(() => "pwned" in window)).toBe(false);
  await expect(page.locator("main img, main script, dialog img, dialog script")).toHaveCount(0);
  await page.goto(`${url}/projects/web`);
  await expect(page.getByRole("region", { name: "Runs over time" }).getByRole("option", { name: hostile })).toHaveCount(1);
  await expect(page.locator("main img, main script")).toHaveCount(0);
  expect(await page.evaluate(() => "pwned" in window)).toBe(false);
});

test("projects have counters, and a page of their own", async ({ page, url }) => {
  await page.goto(`${url}/projects`);
  const web = page.getByRole("listitem").filter({ has: page.getByRole("link", { name: "Web UI" }) });
  await expect(web).toContainText("20 tasks");
  await page.screenshot(screen("projects"));
  await page.getByRole("link", { name: "Web UI" }).click();
  await expect(page.getByRole("heading", { name: "Web UI" })).toBeVisible();
  const runs = page.getByRole("region", { name: "Runs over time" });
  await expect(runs).toContainText("Success rate");
  await expect(runs.getByRole("link")).toHaveCount(18);
  await runs.getByLabel("Command").selectOption({ label: "npx vite build (7)" });
  await expect(runs.getByRole("link")).toHaveCount(7);
  await expect(runs).toContainText("100%");
  await expect(page.getByRole("link", { name: "cargo build --release" })).toHaveCount(0);
  await page.screenshot(screen("project"));
});
