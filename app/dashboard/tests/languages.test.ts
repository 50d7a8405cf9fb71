import { describe, expect, it } from "vitest";
import { en } from "../src/i18n/en";
import { ja } from "../src/i18n/ja";
import { browserLanguage } from "../src/ui/preferences";

/** The paths of all texts, with the kind of each. */
function paths(value: object, prefix = ""): string[] {
  return Object.entries(value).flatMap(([key, each]) => (typeof each === "object" && each !== null ? paths(each as object, `${prefix}${key}.`) : `${prefix}${key}: ${typeof each}`));
}

describe("languages", () => {
  it("both dictionaries have the same texts, and none is empty", () => {
    expect(paths(ja)).toEqual(paths(en));
    expect(JSON.stringify(ja)).not.toContain('""');
  });
  it("the browser's first language that is known decides", () => {
    expect(browserLanguage(["ja-JP", "en"])).toBe("ja");
    expect(browserLanguage(["fr", "en-GB", "ja"])).toBe("en");
    expect(browserLanguage(["de"])).toBe("en");
    expect(browserLanguage([])).toBe("en");
  });
});
