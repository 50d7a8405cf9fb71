// Measures the page in a real Chromium, over the mock of the API: a list of 100,000 tasks, and a log of 1,000,000 lines.
// node e2e/figures.mjs [tasks] [lines] (after `npm run build`)
// @ts-check
import { chromium } from "@playwright/test";
import { longLog, demoWorld, manyWorld } from "./mock/scenarios.mjs";
import { MockServer } from "./mock/server.mjs";

const [tasks = 100_000, lines = 1_000_000] = process.argv.slice(2).map(Number);
const browser = await chromium.launch({ executablePath: process.env["MIYABI_CHROMIUM"] || "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const patience = 600_000;

/** Notes every task that keeps the page from drawing for 50 ms and more. */
const observeLongTasks = () => {
  const longTasks = /** @type {number[]} */ ([]);
  Object.assign(window, { longTasks });
  new PerformanceObserver((seen) => longTasks.push(...seen.getEntries().map((entry) => Math.round(entry.duration)))).observe({ type: "longtask" });
};

async function list() {
  const server = new MockServer(manyWorld(tasks));
  // What a reader scrolls through for minutes, in a few answers.
  server.pageSize = 10_000;
  const origin = await server.start();
  const page = await browser.newPage();
  page.setDefaultTimeout(patience);
  await page.addInitScript(observeLongTasks);
  await page.goto(origin);
  await page.getByRole("row").nth(3).waitFor();
  await page.waitForFunction((wanted) => {
    window.scrollTo(0, document.documentElement.scrollHeight);
    return Number(document.querySelector('[role="table"]')?.getAttribute("aria-rowcount")) > wanted;
  }, tasks);
  const result = await page.evaluate(async () => {
    const { longTasks } = /** @type {{ longTasks: number[] }} */ (/** @type {unknown} */ (window));
    const frames = /** @type {number[]} */ ([]);
    longTasks.length = 0;
    const height = document.documentElement.scrollHeight;
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    window.scrollTo(0, 0);
    await frame();
    // Quick as a flung wheel through everything, and then slow as a reader.
    for (const step of [height / 120, 90]) {
      window.scrollTo(0, 0);
      await frame();
      let last = performance.now();
      for (let count = 0; count < 120; count++) {
        window.scrollBy(0, step);
        await frame();
        const now = performance.now();
        frames.push(now - last);
        last = now;
      }
    }
    await frame();
    frames.sort((left, right) => left - right);
    return { rows: document.querySelectorAll('[role="row"]').length, median: frames[Math.floor(frames.length / 2)], slow: frames[Math.floor(frames.length * 0.99)], longTasks: [...longTasks] };
  });
  console.log(`list of ${tasks} tasks: ${result.rows} rows exist; a frame takes ${result.median?.toFixed(1)} ms (p50), ${result.slow?.toFixed(1)} ms (p99) while scrolling; tasks over 50 ms: ${result.longTasks.length ? result.longTasks.join(", ") : "none"}`);
  await page.close();
  await server.stop();
}

async function log() {
  const world = demoWorld();
  longLog(world, "deploy-web-1042", lines);
  const server = new MockServer(world);
  const origin = await server.start();
  const page = await browser.newPage();
  page.setDefaultTimeout(patience);
  await page.addInitScript(observeLongTasks);
  const start = performance.now();
  await page.goto(`${origin}/tasks/deploy-web-1042`);
  await page.getByText(`line ${lines} of`).first().waitFor();
  console.log(`log of ${lines} lines: its end is seen ${Math.round(performance.now() - start)} ms after the address was entered`);
  const from = performance.now();
  await page.getByRole("button", { name: "Load all" }).click();
  await page.getByRole("button", { name: "Stop" }).waitFor();
  await page.getByRole("button", { name: "Stop" }).waitFor({ state: "hidden" });
  const loaded = performance.now() - from;
  const long = await page.evaluate(() => /** @type {{ longTasks: number[] }} */ (/** @type {unknown} */ (window)).longTasks.toSorted((left, right) => right - left));
  const shown = await page.locator(".log-head .numeric").first().textContent();
  console.log(`  all of it (${shown}) is loaded after ${(loaded / 1000).toFixed(1)} s; longest tasks: ${long.slice(0, 3).join(", ") || "none over 50"} ms`);
  const search = performance.now();
  await page.getByLabel("Search the log").fill(`line ${lines - 123_456} of`);
  await page.getByText(/0 of 1|1 of 1/).waitFor();
  console.log(`  a line 123,456 from the end is found after ${Math.round(performance.now() - search)} ms`);
  await page.close();
  await server.stop();
}

try {
  await list();
  await log();
} finally {
  await browser.close();
}
