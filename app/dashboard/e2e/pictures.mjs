// Takes the pictures of docs/images: every view in light, dark and on a narrow screen, over the mock of the API.
// node e2e/pictures.mjs (after `npm run build`)
// @ts-check
import { chromium } from "@playwright/test";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { demoWorld } from "./mock/scenarios.mjs";
import { MockServer } from "./mock/server.mjs";

const folder = fileURLToPath(new URL("../../../docs/images/", import.meta.url));
mkdirSync(folder, { recursive: true });

/** @typedef {import("@playwright/test").Page} Page */
/** @type {[string, string, (page: Page) => Promise<unknown>][]} */
const views = [
  ["tasks", "/", (page) => page.getByRole("link", { name: "cargo build --release" }).waitFor()],
  ["task", "/tasks/deploy-web-1042", (page) => page.locator(".comparison").waitFor()],
  ["failed-task", "/tasks/deploy-web-1039", (page) => page.locator(".log-line").first().waitFor()],
  ["project", "/projects/web", (page) => page.locator(".runs-bar").first().waitFor()],
  ["projects", "/projects", (page) => page.locator(".project .counts-bar").first().waitFor()],
  ["system", "/system", (page) => page.getByText("Well", { exact: true }).waitFor()],
];
const looks = /** @type {const} */ ([
  ["light", "light", { width: 1280, height: 900 }],
  ["dark", "dark", { width: 1280, height: 900 }],
  ["narrow", "light", { width: 360, height: 780 }],
]);

const server = new MockServer(demoWorld());
const origin = await server.start();
const browser = await chromium.launch({ executablePath: process.env["MIYABI_CHROMIUM"] || "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
try {
  const encoder = await browser.newPage();
  /** @param {Page} page @param {string} name */
  const take = async (page, name) => {
    const png = (await page.screenshot({ animations: "disabled" })).toString("base64");
    // The browser's own encoder: a fifth of the size, and no tool more.
    const webp = await encoder.evaluate(async (source) => {
      const image = new Image();
      image.src = `data:image/png;base64,${source}`;
      await image.decode();
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [image.width, image.height];
      canvas.getContext("2d")?.drawImage(image, 0, 0);
      return canvas.toDataURL("image/webp", 0.86).split(",")[1] ?? "";
    }, png);
    writeFileSync(`${folder}${name}.webp`, Buffer.from(webp, "base64"));
    console.log(`${name}.webp ${Math.round((webp.length * 3) / 4000)} kB`);
  };
  for (const [look, colorScheme, viewport] of looks) {
    const page = await browser.newPage({ colorScheme, viewport, locale: "en-US", timezoneId: "Asia/Tokyo" });
    // Something moves, so that the figures of the system page have something to say.
    await page.goto(origin);
    await page.getByRole("link", { name: "cargo build --release" }).waitFor();
    for (const [name, path, ready] of views) {
      // Within the page, so that what it measured so far stays.
      await page.evaluate((to) => history.pushState(null, "", to), path);
      await ready(page);
      if (name === "system") {
        for (let change = 1; change <= 12; change++) {
          server.update("build-api-88", { progress: { current: 212 + change, percentage: 61 } });
          await page.locator(".figure-row").filter({ hasText: "Changes measured" }).getByText(String(change), { exact: true }).waitFor();
        }
        server.update("build-api-88", { progress: { current: 212, percentage: 61 } });
      }
      await page.evaluate(() => document.fonts.ready);
      await take(page, `${name}-${look}`);
    }
    if (look === "light") {
      await page.evaluate(() => history.pushState(null, "", "/"));
      await page.getByRole("link", { name: "cargo build --release" }).waitFor();
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox", { name: "Search everything" }).fill("deploy");
      await page.locator(".palette-entry mark").first().waitFor();
      await take(page, "palette-light");
    }
    await page.close();
  }
} finally {
  await browser.close();
  await server.stop();
}
