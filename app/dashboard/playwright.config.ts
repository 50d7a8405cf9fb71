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
  timeout: 30_000,
  expect: { timeout: 8_000 },
  reporter: [["list"]],
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
    ...(process.env["MIYABI_DASHBOARD_URL"] ? [{ name: "live", testMatch: "live.spec.ts" }] : []),
  ],
});
