// Prints the gzip size of the script of the first load, and fails past the budget.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const budget = 120_000;
const dist = new URL("../dist/", import.meta.url);
const html = readFileSync(new URL("index.html", dist), "utf8");
const first = [...html.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map((match) => String(match[1]));
const size = (/** @type {string} */ path) => gzipSync(readFileSync(new URL(path, dist)), { level: 9 }).length;
let total = 0;
for (const path of first) {
  total += size(path);
  console.log(`first load  ${String(size(path)).padStart(7)} B gzip  ${path}`);
}
for (const name of readdirSync(new URL("assets/", dist))) {
  if (/\.(js|css)$/.test(name) && !first.includes(`assets/${name}`)) {
    console.log(`later/style ${String(size(`assets/${name}`)).padStart(7)} B gzip  assets/${name}`);
  }
}
console.log(`script of the first load: ${(total / 1000).toFixed(1)} kB gzip of ${budget / 1000} kB`);
process.exitCode = total > budget ? 1 : 0;
