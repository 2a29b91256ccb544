// Drives Chromium for the end-to-end tests: one JSON command a line on stdin, one JSON answer a line on stdout.
// It must not know the dashboard: what to look for is said by the tests. Arguments: the browser's executable.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

import { chromium } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
];
const PATIENCE = 30_000;
const LOOK_EVERY = 50;

const browser = await chromium.launch({ executablePath: process.argv[2], headless: true, args: FLAGS });
const pages = new Map();

/** Everything a page should not have: errors, refused content, requests that leave the till. */
function watch(context, page, seen) {
  page.on("pageerror", (error) => seen.errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    const { url } = message.location();
    const refused = /content security policy/i.test(message.text());
    (refused ? seen.refused : seen.errors).push(`${message.text()} ${url}`);
  });
  context.on("request", (request) => seen.requests.add(new URL(request.url()).host));
  page.on("websocket", (socket) => seen.requests.add(new URL(socket.url()).host));
  page.on("framenavigated", (frame) => frame === page.mainFrame() && (seen.loads += 1));
}

const verbs = {
  async open(_, { width, height, scheme, touch, still }) {
    const context = await browser.newContext({
      ignoreHTTPSErrors: true,
      viewport: { width, height },
      colorScheme: scheme,
      hasTouch: touch,
      reducedMotion: still ? "reduce" : "no-preference",
      locale: "en-GB",
    });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    const seen = { errors: [], refused: [], requests: new Set(), loads: 0 };
    watch(context, page, seen);
    pages.set(pages.size + 1, { context, page, seen });
    return pages.size;
  },
  async goto({ page }, { url }) {
    await page.goto(url);
  },
  /** A script that runs in each document before any of its own. */
  async before({ context }, { script }) {
    await context.addInitScript(script);
  },
  /** From the next document on, this page's clock and timers begin at a moment and can be moved on. */
  async clock({ page }, { at }) {
    await page.clock.install({ time: at });
  },
  async later({ page }, { ms, ticking }) {
    await (ticking ? page.clock.runFor(ms) : page.clock.fastForward(ms));
  },
  async fill({ page }, { label, text }) {
    await page.getByLabel(label, { exact: true }).fill(text);
  },
  async click({ page }, { name, role }) {
    await page.getByRole(role, { name, exact: true }).click();
  },
  async select({ page }, { label, option }) {
    await page.getByRole("combobox", { name: label }).selectOption(option);
  },
  async read({ page }, { expression }) {
    return page.evaluate(expression);
  },
  /** Until the expression is true; its value. */
  async wait({ page }, { expression, seconds }) {
    const until = Date.now() + seconds * 1000;
    for (;;) {
      const value = await page.evaluate(expression).catch((error) => {
        // A page that loads itself anew has no value for a moment.
        if (!/context was destroyed/.test(error.message)) throw error;
      });
      if (value) return value;
      if (Date.now() > until) throw new Error(`waited ${seconds} s in vain for: ${expression}`);
      await new Promise((done) => setTimeout(done, LOOK_EVERY));
    }
  },
  async press({ page }, { key }) {
    await page.keyboard.press(key);
  },
  /** The network away, or back, as the browser sees its cable. */
  async network({ context }, { up }) {
    await context.setOffline(!up);
  },
  /** A page whose timers and scripts stand still, as of a laptop that sleeps; or awake again. */
  async freeze({ context, page }, { asleep }) {
    const session = await context.newCDPSession(page);
    await session.send("Page.enable");
    await session.send("Page.setWebLifecycleState", { state: asleep ? "frozen" : "active" });
  },
  /** Bytes of live script objects, after collections: what one frees of the page's may free some of the script's. */
  async heap({ context, page }) {
    const session = await context.newCDPSession(page);
    await session.send("HeapProfiler.enable");
    for (let round = 0; round < 3; round += 1) await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    await session.detach();
    return usedSize;
  },
  async wheel({ page }, { selector, down }) {
    await page.locator(selector).hover();
    await page.mouse.wheel(0, down);
  },
  async look({ page }, { width, height, scheme }) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: scheme });
  },
  async shoot({ page }, { file, whole }) {
    await page.screenshot({ path: file, fullPage: whole });
  },
  async axe({ page }) {
    await page.evaluate(AXE);
    const { violations, passes } = await page.evaluate(
      (tags) => window.axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations", "passes"] }),
      AXE_TAGS,
    );
    const found = violations.map(({ id, impact, help, nodes }) => ({
      id, impact, help, where: nodes.slice(0, 5).map((node) => `${node.target} ${node.html.slice(0, 120)}`),
    }));
    return { violations: found, passes: passes.length };
  },
  seen({ seen }) {
    return { ...seen, requests: [...seen.requests] };
  },
  async close({ context }) {
    await context.close();
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { verb, page, ...wanted } = JSON.parse(line);
  let answer;
  try {
    answer = { value: (await verbs[verb](pages.get(page), wanted)) ?? null };
  } catch (error) {
    answer = { error: String(error.message ?? error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await browser.close();
