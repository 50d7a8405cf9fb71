import { expect, test } from "./fixtures";

test.use({ hasSocket: true });

test("what changes is shown as it is told", async ({ page, socket, url, world }) => {
  await page.goto(url);
  const running = [...world.tasks.values()].find((task) => task.status === "running");
  if (!running) throw new Error("nothing runs in this world");
  await expect.poll(() => socket.channels).toContain("tasks");
  // The API never says it: only the socket can have.
  const task = { ...running, version: running.version + 1, progress: { ...running.progress, current: 97, total: 100, percentage: 97 } };
  socket.tell({ type: "changes", sent_at: new Date().toISOString(), tasks: [task] });
  await expect(page.locator(`[data-key="${running.task_id}"]`).getByRole("progressbar")).toHaveAttribute("aria-valuenow", "97");
  await expect(page.locator('.freshness[data-state="live"]')).toBeVisible();
});

test("a task's steps are told too, and a lost socket is made up for", async ({ page, server, socket, url, world }) => {
  const running = [...world.tasks.values()].find((task) => task.status === "running");
  if (!running) throw new Error("nothing runs in this world");
  await page.goto(`${url}/tasks/${running.task_id}`);
  await expect.poll(() => socket.channels).toContain(`task:${running.task_id}`);
  // Told before the page has read the task, or while it reads it: it must not be lost.
  const step = { step_id: "told", parent_id: null, name: "A step that was told", kind: "phase", status: "running", message: null, attempt: 1, sequence: 9_999, started_at: new Date().toISOString(), finished_at: null };
  socket.tell({ type: "changes", sent_at: new Date().toISOString(), steps: [{ task_id: running.task_id, step }] });
  await expect(page.getByText("A step that was told").first()).toBeVisible();

  await socket.close();
  server.update(running.task_id, { name: "Renamed while nobody listened" });
  await expect(page.getByRole("heading", { name: "Renamed while nobody listened" })).toBeVisible();
  await expect.poll(() => socket.channels).toContain(`task:${running.task_id}`);
});
