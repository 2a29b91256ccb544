// What jsdom lacks of a browser, and a clean page after each test.
import { cleanup } from "@testing-library/react";
import { afterEach, vi } from "vitest";

afterEach(() => cleanup());

window.matchMedia ??= () => ({ matches: false, addEventListener: () => undefined, removeEventListener: () => undefined });
Element.prototype.scrollTo ??= vi.fn();
