// Fails when the built dashboard is heavier than promised: what the first paint needs, and the chart chunk.
// It reads the build's own manifest and must not guess file names.
import { existsSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUILD = new URL("../../../resources/web/", import.meta.url);
const FIRST_PAINT_LIMIT = 85_000;
const CHARTS_LIMIT = 70_000;

function gzipped(files) {
  return [...files].reduce((sum, file) => sum + gzipSync(readFileSync(new URL(file, BUILD)), { level: 9 }).length, 0);
}

/** Files a manifest entry pulls in: itself, its static imports and their style sheets. */
function filesOf(manifest, key, seen = new Set()) {
  const entry = manifest[key];
  if (seen.has(entry.file)) return seen;
  seen.add(entry.file);
  (entry.css ?? []).forEach((css) => seen.add(css));
  (entry.imports ?? []).forEach((next) => filesOf(manifest, next, seen));
  return seen;
}

const manifestFile = new URL(".vite/manifest.json", BUILD);
if (!existsSync(manifestFile)) {
  console.error("There is no build to weigh: run `npm run build` first.");
  process.exit(2);
}
const manifest = JSON.parse(readFileSync(manifestFile, "utf8"));
const keys = Object.keys(manifest);
const entryKey = keys.find((key) => manifest[key].isEntry);
const chartsKey = keys.find((key) => key.endsWith("charts/index.js"));
if (chartsKey === undefined || !manifest[chartsKey].isDynamicEntry) {
  console.error("The charts are no longer a chunk of their own.");
  process.exit(1);
}
const first = filesOf(manifest, entryKey);
const charts = filesOf(manifest, chartsKey);
first.forEach((file) => charts.delete(file));

const rows = [
  { name: "first paint (JS + CSS)", bytes: gzipped(first), limit: FIRST_PAINT_LIMIT },
  { name: "charts (lazy)", bytes: gzipped(charts), limit: CHARTS_LIMIT },
];
for (const { name, bytes, limit } of rows) {
  console.log(`${bytes <= limit ? "ok  " : "OVER"} ${name}: ${(bytes / 1000).toFixed(1)} kB gzip of ${limit / 1000} kB`);
}
process.exit(rows.every(({ bytes, limit }) => bytes <= limit) ? 0 : 1);
