// What jsdom lacks of a browser, a clean page after each test, and no test that passes while React complains.
import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeEach, expect, vi } from "vitest";

let complaints;

beforeEach(() => {
  complaints = [];
  for (const level of ["error", "warn"]) vi.spyOn(console, level).mockImplementation((...words) => complaints.push(words.join(" ")));
});

afterEach(() => {
  cleanup();
  expect(complaints).toEqual([]);
});

// Chunks are loaded while other work keeps the machine busy.
configure({ asyncUtilTimeout: 10_000 });
Object.defineProperty(navigator, "language", { get: () => "en-GB", configurable: true });
window.matchMedia ??= () => ({ matches: false, addEventListener: () => undefined, removeEventListener: () => undefined });
Element.prototype.scrollTo ??= () => undefined;
