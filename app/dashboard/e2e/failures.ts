/** Says at the very end, a line each, which tests failed and why. */

import type { FullConfig, Reporter, Suite, TestCase } from "@playwright/test/reporter";

export default class Failures implements Reporter {
  #suite: Suite | undefined;

  onBegin(_config: FullConfig, suite: Suite): void {
    this.#suite = suite;
  }

  onEnd(): void {
    for (const test of this.#suite?.allTests() ?? []) if (test.outcome() === "unexpected") console.log(`FAILED ${line(test)}`);
  }

  printsToStdio(): boolean {
    return false;
  }
}

function line(test: TestCase): string {
  const error = test.results.at(-1)?.error;
  // oxlint-disable-next-line no-control-regex
  const message = (error?.message ?? error?.value ?? "no error was told").replace(/\u001b\[[0-9;]*m/g, "");
  const reason = message.split("\n").map((part) => part.trim()).filter(Boolean).slice(0, 6).join(" | ");
  return `${test.location.file.split("/").at(-1)}:${test.location.line} ${test.title}: ${reason.slice(0, 600)}`;
}
