// Writes src/api/schema.d.ts from the API's OpenAPI document; with --check, fails where the file is not up to date.
import { readFileSync, writeFileSync } from "node:fs";
import openapi, { astToString, COMMENT_HEADER } from "openapi-typescript";

const source = new URL("../../task-api/openapi.json", import.meta.url);
const target = new URL("../src/api/schema.d.ts", import.meta.url);
const text = COMMENT_HEADER + astToString(await openapi(source, { alphabetize: true }));

if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") !== text) {
    console.error("src/api/schema.d.ts does not match app/task-api/openapi.json: run `npm run types` and commit the result.");
    process.exit(1);
  }
} else {
  writeFileSync(target, text);
}
