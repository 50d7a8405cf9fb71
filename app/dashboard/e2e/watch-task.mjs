// Watches one task in a real browser, from the list until it has succeeded: node watch-task.mjs ORIGIN TASK_ID PICTURE.
// Prints {"opened":true} once the list is there, and at the end what the page showed on the way.
import { chromium } from "@playwright/test";

const [origin, taskId, picture] = process.argv.slice(2);
const limit = 100_000;
const browser = await chromium.launch({
  executablePath: process.env.MIYABI_CHROMIUM || undefined,
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"],
});
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    // A 404 of a task that is not there yet, and a 503 that is tried again, are the browser's own lines.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) errors.push(message.text());
  });
  await page.goto(origin);
  await page.locator('.freshness:is([data-state="live"], [data-state="polling"])').waitFor({ timeout: limit });
  console.log(JSON.stringify({ opened: true }));

  await page.locator(`a[href="/tasks/${taskId}"]`).first().click({ timeout: limit });
  const hero = page.locator(".hero");
  await hero.waitFor({ timeout: limit });
  const percentages = hero.evaluate(
    (element, deadline) =>
      new Promise((resolve, reject) => {
        const seen = [];
        const look = () => {
          const value = element.querySelector('[role="progressbar"]')?.getAttribute("aria-valuenow");
          if (value !== null && value !== undefined && seen.at(-1) !== Number(value)) seen.push(Number(value));
          if (element.dataset.status === "succeeded") resolve(seen);
        };
        new MutationObserver(look).observe(element, { attributes: true, childList: true, subtree: true });
        setTimeout(() => reject(new Error(`the page shows ${element.dataset.status} at ${seen.join(", ")}`)), deadline);
        look();
      }),
    limit,
  );
  const seen = await percentages;
  await page.screenshot({ path: picture, fullPage: true, animations: "disabled" });
  console.log(JSON.stringify({ succeeded: true, percentages: seen, errors }));
} finally {
  await browser.close();
}
