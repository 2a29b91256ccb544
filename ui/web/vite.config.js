// How the dashboard is built: relative paths, nothing inlined (the till serves a strict CSP), one manifest.
import react from "@vitejs/plugin-react";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

import { designTokens } from "./scripts/tokens.js";

const [, version] = /__version__ = "([^"]+)"/.exec(readFileSync(new URL("../../fiscalmon/__init__.py", import.meta.url), "utf8"));

// What the start needs is one chunk: three small ones are heavier together, and each is a request.
const FIRST = /src\/(App|context\/\w+)\.jsx$|react-dom\/client/;

export default defineConfig({
  define: { "import.meta.env.VITE_TILL_VERSION": JSON.stringify(version) },
  base: "./",
  plugins: [designTokens(new URL("../../resources/tokens.json", import.meta.url)), react()],
  build: {
    outDir: fileURLToPath(new URL("../../resources/web", import.meta.url)),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    manifest: true,
    modulePreload: { polyfill: false },
    target: "es2022",
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "first", test: FIRST }] } } },
  },
  test: {
    environment: "jsdom",
    include: ["tests/**/*.test.{js,jsx}"],
    setupFiles: ["tests/setup.js"],
    restoreMocks: true,
    testTimeout: 20_000,
  },
});
