/** A mock origin for each test, and a page that may do nothing wrong: no script error, no policy violation. */

import { test as base, expect, type Page, type WebSocketRoute } from "@playwright/test";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { demoWorld, type World } from "./scenarios.mjs";
import { MockServer } from "./server.mjs";

/** The socket of the mock origin: what the page asked for, and a way to tell it something. */
export class MockSocket {
  /** Channels that the page subscribed to and was told so. */
  channels: string[] = [];
  #route: WebSocketRoute | undefined;

  accept(route: WebSocketRoute): void {
    this.#route = route;
    route.onMessage((text) => {
      const { action, channel } = JSON.parse(String(text)) as { action: string; channel?: string };
      if (action === "ping") route.send(JSON.stringify({ type: "pong" }));
      if (channel === undefined) return;
      this.channels = this.channels.filter((known) => known !== channel);
      if (action === "subscribe") this.channels.push(channel);
      route.send(JSON.stringify({ type: `${action}d`, channel }));
    });
  }

  tell(message: object): void {
    this.#route?.send(JSON.stringify(message));
  }

  async close(): Promise<void> {
    await this.#route?.close();
    this.channels = [];
  }
}

/** How many times slower than this machine the pages' machine is, to find tests that hope for speed. */
const slowdown = Number(process.env["MIYABI_E2E_SLOWDOWN"] ?? 1);

export const test = base.extend<{ world: World; server: MockServer; problems: string[]; url: string; hasSocket: boolean; socket: MockSocket; slow: undefined }>({
  slow: [
    async ({ page }, use) => {
      if (slowdown > 1) await (await page.context().newCDPSession(page)).send("Emulation.setCPUThrottlingRate", { rate: slowdown });
      await use(undefined);
    },
    { auto: true },
  ],
  // Without it every page polls, as it must be able to.
  hasSocket: [false, { option: true }],
  socket: [
    async ({ page, hasSocket }, use) => {
      const socket = new MockSocket();
      await page.routeWebSocket(/\/ws$/, (route) => (hasSocket ? socket.accept(route) : void route.close()));
      await use(socket);
    },
    { auto: true },
  ],
  // oxlint-disable-next-line no-empty-pattern
  world: async ({}, use) => use(demoWorld()),
  server: async ({ world }, use) => {
    const server = new MockServer(world);
    await server.start();
    await use(server);
    await server.stop();
  },
  url: async ({ server }, use) => use(server.url ?? ""),
  problems: [
    async ({ page }, use) => {
      const problems: string[] = [];
      page.on("pageerror", (error) => problems.push(`script: ${error.message}`));
      page.on("console", (message) => {
        if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) problems.push(`console: ${message.text()}`);
      });
      await page.addInitScript(() => {
        document.addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
      });
      await use(problems);
      expect(problems).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** As an init script, for the page's policy forbids to evaluate text. Call before `goto`. */
export async function prepareAxe(page: Page): Promise<void> {
  await page.addInitScript({ content: axeSource });
}

/** What axe finds against WCAG 2.2 AA and its best practices. */
export async function violations(page: Page): Promise<string[]> {
  // Colours are measured as they stand: a running animation would be measured in between.
  await page.emulateMedia({ reducedMotion: "reduce" });
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: (context: Document, options: object) => Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> } };
    const result = await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
    return result.violations.flatMap((violation) => violation.nodes.map((node) => `${violation.id}: ${node.html.slice(0, 160)} ${node.failureSummary.slice(0, 300)}`));
  });
}

export const screen = (name: string) => ({ path: `test-results/screens/${name}.png` });

/** The row of a task in the list. */
export const row = (page: Page, name: string) => page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
