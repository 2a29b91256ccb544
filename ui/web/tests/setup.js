// What jsdom lacks of a browser, a clean page after each test, and no test that passes while React complains.
import { cleanup } from "@testing-library/react";
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

Object.defineProperty(navigator, "language", { get: () => "en-GB", configurable: true });
window.matchMedia ??= () => ({ matches: false, addEventListener: () => undefined, removeEventListener: () => undefined });
Element.prototype.scrollTo ??= () => undefined;
