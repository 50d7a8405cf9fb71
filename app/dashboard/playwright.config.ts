import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

/**
 * `npx playwright test --project=mock`: every state of the page, against a mock of the API (build first).
 * `MIYABI_DASHBOARD_URL=… npx playwright test --project=live`: the page of a running system.
 */
const chromium = process.env["MIYABI_CHROMIUM"] ?? (existsSync("/usr/bin/chromium") ? "/usr/bin/chromium" : undefined);

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results/output",
  fullyParallel: true,
  workers: 2,
  forbidOnly: true,
  // Nothing here is a measure of time: the limits are far beyond what a slow and busy machine needs.
  timeout: 180_000,
  expect: { timeout: 45_000, toPass: { timeout: 60_000 } },
  // The second one names what failed at the very end, where a log that was cut still has it.
  reporter: [["list"], ["./e2e/failures.ts"]],
  use: {
    baseURL: process.env["MIYABI_DASHBOARD_URL"] ?? "",
    locale: "en-US",
    timezoneId: "Asia/Tokyo",
    viewport: { width: 1280, height: 860 },
    launchOptions: {
      ...(chromium === undefined ? {} : { executablePath: chromium }),
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"],
    },
  },
  projects: [
    { name: "mock", testMatch: "mock/*.spec.ts" },
    ...(process.env["MIYABI_DASHBOARD_URL"] ? [{ name: "live", testMatch: ["live.spec.ts", "*.live.spec.ts"] }] : []),
  ],
});
