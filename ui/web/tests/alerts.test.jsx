// Alerts and "Send now": who sees the word in the top bar, who gets the buttons, what is asked of the till.
import { act, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { App } from "../src/App.jsx";
import { DashboardProvider } from "../src/context/DashboardContext.jsx";
import { ThemeProvider } from "../src/context/ThemeContext.jsx";
import { alertWord } from "../src/state/alerts.js";
import { lineOf } from "../src/state/devices.js";
import { initialState, reduce } from "../src/state/reducer.js";
import { createStore } from "../src/state/store.js";
import { event, hello } from "./messages.js";

vi.mock("react-chartjs-2", () => ({ Line: () => <canvas />, Bar: () => <canvas />, Doughnut: () => <canvas /> }));

const ALERT = {
  alertId: "a/1", rule: "queue-blocked", title: "A queue is blocked", grave: true, subject: "10001", deviceID: 10001,
  reason: "RCPT020 <b>signature</b>", state: "open", raisedAt: "2026-11-22T12:00:00.000Z", resolvedAt: null, acknowledgedAt: null, acknowledgedBy: null,
};
const OVER = { ...ALERT, alertId: "2", state: "over", title: "Gone by" };
const DEVICE = {
  deviceID: 10001, deviceSerialNo: "S-1", fiscalDayStatus: "FiscalDayOpened", fiscalDayNo: 7, online: false, queueDepth: 3, health: "attention",
  oldestQueuedAt: "2026-11-22T12:00:00.000Z", attention: null, counters: [], lastReceipts: [], latencySeries: [], errors: [],
  circuit: { state: "open", failures: 2, nextTryAt: "2026-11-22T12:05:00.000Z", blocked: null },
  queue: { head: { reason: "timed out" }, acts: [{ act: "retry", command: "fiscalmon queue retry --device 10001" }] },
};
const LIST = "/api/alerts/?limit=50";
const ACKNOWLEDGE = "/api/alerts/a%2F1/acknowledge/";
const RETRY = "/api/devices/10001/retry/";
let store;
let asked;
let answers;

const say = (...messages) => act(() => store.dispatch({ type: "messages", messages, now: Date.now() }));

async function open(role, hash) {
  window.location.hash = hash;
  store.dispatch({ type: "signedIn", user: { username: "tendai", role, csrfToken: "c" } });
  const session = { start: vi.fn(), stop: vi.fn() };
  await act(async () => {
    render(<ThemeProvider><DashboardProvider parts={{ store, session }}><App /></DashboardProvider></ThemeProvider>);
  });
  say(hello(100));
}

beforeEach(() => {
  store = createStore(reduce, initialState);
  asked = [];
  answers = { [LIST]: { items: [ALERT, OVER], next: null }, "/api/dashboard/devices/10001/": DEVICE, [RETRY]: { devices: 1, receipts: 3 } };
  vi.stubGlobal("fetch", async (path, options = {}) => {
    asked.push([path, options]);
    const body = answers[path];
    const status = body === undefined ? 404 : 200;
    return { ok: status === 200, status, headers: new Headers(), text: async () => JSON.stringify(body ?? {}) };
  });
  HTMLDialogElement.prototype.showModal ??= function showModal() { this.open = true; };
  HTMLDialogElement.prototype.close ??= function close() { this.open = false; };
});

afterEach(() => {
  window.history.replaceState(null, "", "/");
  vi.unstubAllGlobals();
});

describe("alerts", () => {
  it("are a word in the top bar and a window; a manager takes one over", async () => {
    await open("manager", "");
    const link = await screen.findByRole("link", { name: "1 alert" });
    expect(link.getAttribute("href")).toBe("#/alerts/open");
    await act(async () => {
      window.location.hash = "#/alerts/open";
      window.dispatchEvent(new Event("hashchange"));
    });
    const dialog = await screen.findByRole("dialog", { name: "Alerts" });
    expect(await within(dialog).findByText("RCPT020 <b>signature</b>")).toBeTruthy();
    expect(within(dialog).queryByText("Gone by")).toBeNull();
    answers[ACKNOWLEDGE] = ALERT;
    answers[LIST] = { items: [{ ...ALERT, state: "acknowledged", acknowledgedAt: ALERT.raisedAt, acknowledgedBy: "tendai" }], next: null };
    fireEvent.click(within(dialog).getByRole("button", { name: "I look after it: A queue is blocked" }));
    expect(await within(dialog).findByText("Looked after")).toBeTruthy();
    expect(within(dialog).queryByRole("button", { name: /I look after it/ })).toBeNull();
    const [, options] = asked.find(([path]) => path === ACKNOWLEDGE);
    expect([options.method, options.headers["X-CSRF-Token"]]).toEqual(["POST", "c"]);
  });

  it("are read by a viewer, who gets no button", async () => {
    await open("viewer", "#/alerts/open");
    const dialog = await screen.findByRole("dialog", { name: "Alerts" });
    await within(dialog).findByText("A queue is blocked");
    expect(within(dialog).queryByRole("button", { name: /look after/ })).toBeNull();
  });

  it("come and go with the live feed", async () => {
    answers[LIST] = { items: [OVER], next: null };
    await open("viewer", "");
    expect(alertWord([OVER])).toBeNull();
    answers[LIST] = { items: [ALERT, { ...ALERT, alertId: "3", grave: false }], next: null };
    say(event(101, "alert.raised", { title: ALERT.title, grave: true }));
    expect(await screen.findByRole("link", { name: "2 alerts" })).toBeTruthy();
    expect(await screen.findByText(/^Alert: A queue is blocked/)).toBeTruthy();
  });
});

describe("a queue that waits", () => {
  it("says why and when next, and a manager sends it now", async () => {
    await open("manager", "#/devices/10001");
    const dialog = await screen.findByRole("dialog", { name: "Device 10001" });
    fireEvent.click(await within(dialog).findByRole("button", { name: "Send now" }));
    expect(await within(dialog).findByText("Trying 3 receipts now.")).toBeTruthy();
    expect(within(dialog).getByText("timed out")).toBeTruthy();
    expect(asked.find(([path]) => path === RETRY)[1].method).toBe("POST");
  });

  it("gives a viewer the reason only, and nobody a button where files are carried by hand", async () => {
    await open("viewer", "#/devices/10001");
    const dialog = await screen.findByRole("dialog", { name: "Device 10001" });
    expect(await within(dialog).findByText(/It is tried again by itself\. Next try 14:05:00\./)).toBeTruthy();
    expect(within(dialog).queryByRole("button", { name: "Send now" })).toBeNull();
    expect(lineOf({ circuit: { state: "files" }, queue: { head: null, acts: [{ act: "files" }] } }).sendable).toBe(false);
  });
});
