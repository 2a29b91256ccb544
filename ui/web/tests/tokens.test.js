import { readFileSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

import { resolveMedia, tokensToCss } from "../scripts/tokens.js";

const SOURCES = resolve(import.meta.dirname, "../src");
const tokens = JSON.parse(readFileSync(resolve(import.meta.dirname, "../../../resources/tokens.json"), "utf8"));

function files(folder, endings) {
  return readdirSync(folder, { recursive: true }).filter((name) => endings.some((ending) => name.endsWith(ending)));
}

function luminance(hex) {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a, b) {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

describe("design tokens", () => {
  it("are the only place that names a colour", () => {
    for (const name of files(SOURCES, [".css", ".js", ".jsx"])) {
      const text = readFileSync(resolve(SOURCES, name), "utf8");
      expect([name, text.match(/#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(/)]).toEqual([name, null]);
    }
  });

  it("define every variable that a style sheet uses", () => {
    const defined = new Set(tokensToCss(tokens).match(/--[\w-]+(?=:)/g));
    ["--percent", "--share", "--shift-x", "--shift-y"].forEach((own) => defined.add(own));
    for (const name of files(SOURCES, [".css"])) {
      const used = readFileSync(resolve(SOURCES, name), "utf8").match(/(?<=var\()--[\w-]+/g) ?? [];
      expect([name, used.filter((variable) => !defined.has(variable))]).toEqual([name, []]);
    }
  });

  it.each(["light", "dark"])("reach AA contrast in %s", (scheme) => {
    const colour = tokens.colors[scheme];
    for (const ground of ["canvas", "surface", "sunken"]) {
      for (const ink of ["text", "muted"]) expect(contrast(colour[ink], colour[ground])).toBeGreaterThanOrEqual(4.5);
    }
    for (const state of ["ok", "attention", "failed", "accent"]) {
      expect(contrast(colour[state], colour[`${state}Ground`])).toBeGreaterThanOrEqual(4.5);
    }
    expect(contrast(colour.onAccent, colour.accent)).toBeGreaterThanOrEqual(4.5);
    [...colour.series, colour.control].forEach((each) => expect(contrast(each, colour.surface)).toBeGreaterThanOrEqual(3));
  });

  it("turn named queries into real ones", () => {
    expect(resolveMedia("@media (--phone) {} @media (--tablet) {}", { phone: 640, tablet: 1100 }))
      .toBe("@media (max-width: 639px) {} @media (max-width: 1099px) {}");
  });
});
