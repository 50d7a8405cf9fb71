// Measures when a task's page shows each count: node print-to-pixel.mjs ORIGIN TASK_ID TOTAL.
// Prints {"watching":true} once the page is there and the socket tells it of the task, and at the end when the page first showed
// each count or a later one, in milliseconds since 1970, with how many messages came by the socket.
import { chromium } from "@playwright/test";

const [origin, taskId, total] = process.argv.slice(2);
const limit = 100_000;
const browser = await chromium.launch({
  ...(process.env["MIYABI_CHROMIUM"] ? { executablePath: process.env["MIYABI_CHROMIUM"] } : {}),
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"],
});
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  let told = 0;
  /** @type {Promise<void>} */
  const follows = new Promise((resolve) => {
    page.on("websocket", (socket) => {
      socket.on("framereceived", ({ payload }) => {
        const message = JSON.parse(String(payload));
        if (message.type === "subscribed" && message.channel === `task:${taskId}`) resolve();
        if (message.type === "changes") told += 1;
      });
    });
  });
  await page.goto(`${origin}/tasks/${taskId}`);
  const hero = page.locator(".hero");
  await hero.waitFor({ timeout: limit });
  await follows;
  const shown = hero.evaluate(
    (element, { last, deadline }) =>
      new Promise((resolve, reject) => {
        /** @type {number[]} */
        const seen = [];
        const look = () => {
          const text = element.querySelector('[role="progressbar"]')?.getAttribute("aria-valuetext") ?? "";
          const count = Number(/(\d+)[^\d%]+(\d+)$/.exec(text)?.[1] ?? 0);
          while (seen.length < count) seen.push(performance.timeOrigin + performance.now());
          if (count >= last) resolve(seen);
        };
        new MutationObserver(look).observe(element, { attributes: true, childList: true, characterData: true, subtree: true });
        setTimeout(() => reject(new Error(`the page shows ${element.textContent}`)), deadline);
        look();
      }),
    { last: Number(total), deadline: limit },
  );
  console.log(JSON.stringify({ watching: true }));
  const millis = await shown;
  console.log(JSON.stringify({ millis, told }));
} finally {
  await browser.close();
}
