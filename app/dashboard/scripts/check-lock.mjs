// The lock file names packages, versions and hashes, but no host: it installs from whatever registry is configured.
import { readFileSync } from "node:fs";

const lock = JSON.parse(readFileSync(new URL("../package-lock.json", import.meta.url), "utf8"));
const resolved = Object.entries(lock.packages).filter(([, entry]) => entry.resolved !== undefined);
if (resolved.length > 0) {
  console.error(`package-lock.json holds ${resolved.length} download addresses, such as the one of ${resolved[0]?.[0]}.`);
  console.error("Remove node_modules and package-lock.json, and run `npm install` in this folder (its .npmrc leaves them out).");
  process.exit(1);
}
// npm leaves out what it could not read when it locked, such as other platforms' binaries; `npm ci` then refuses the file.
const missing = Object.values(lock.packages).flatMap((entry) =>
  Object.keys(entry.optionalDependencies ?? {}).filter((name) => !Object.keys(lock.packages).some((path) => path.endsWith(`node_modules/${name}`))),
);
if (missing.length > 0) {
  console.error(`package-lock.json lacks ${missing.join(", ")}: "npm ci" will refuse it. Remove node_modules and package-lock.json, and lock anew.`);
  process.exit(1);
}
const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(([, version]) => !/^\d/.test(String(version)));
if (loose.length > 0) {
  console.error(`package.json must pin exact versions: ${loose.map(([name, version]) => `${name}@${version}`).join(", ")}`);
  process.exit(1);
}
