// What opens from the live page: devices, a receipt, a day gone by, the account, the wall. The till is a scripted fetch.
import { act, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { App } from "../src/App.jsx";
import { DashboardProvider } from "../src/context/DashboardContext.jsx";
import { ThemeProvider } from "../src/context/ThemeContext.jsx";
import { initialState, reduce } from "../src/state/reducer.js";
import { createStore } from "../src/state/store.js";
import { completed, event, hello, metrics, stage } from "./messages.js";

vi.mock("react-chartjs-2", () => {
  const drawing = ({ data, options, ...rest }) => (
    <canvas {...rest} data-drawn={JSON.stringify(data.datasets[0].data)} data-animated={String(options.animation)} />
  );
  return { Line: drawing, Bar: drawing, Doughnut: drawing };
});
// Counts how often a device's cell is drawn: each draws one chip.
const drawn = vi.hoisted(() => ({ chips: {} }));
vi.mock("../src/components/StateChip.jsx", async (original) => {
  const { StateChip } = await original();
  return { StateChip: (props) => {
    drawn.chips[props.children] = (drawn.chips[props.children] ?? 0) + 1;
    return <StateChip {...props} />;
  } };
});

const DEVICE = {
  deviceID: 10001, deviceSerialNo: "S-1", fiscalDayStatus: "FiscalDayOpened", fiscalDayNo: 7, active: true, online: true,
  lastHeard: "2026-11-22T12:00:00.000Z", queueDepth: 0, oldestQueuedAt: null, health: "ok", attention: null,
};
const RECEIPT = {
  receiptId: "r-1", receiptType: "FiscalInvoice", receiptGlobalNo: 41, deviceID: 10001, fiscalDayNo: 7, receiptCounter: 3,
  receiptCurrency: "USD", receiptTotal: 12.4, receiptDate: "2026-11-22T14:02:11", invoiceNo: "INV-1", saleId: "S-1", status: "completed",
  receiptTaxes: [{ taxID: 3, taxPercent: 15.5, taxAmount: 1.66 }], hash: "h=", signature: "s=", qrUrl: "https://q", verificationCode: "AAAA",
  validationErrors: [], fdmsReceiptId: 9,
  receipt: { receiptLines: [{ receiptLineNo: 1, receiptLineName: "<b>MILK</b>", receiptLineQuantity: 2, receiptLineTotal: 12.4 }], buyerData: null },
  life: {
    signedAt: "2026-11-22T12:02:11.000Z", settledAt: "2026-11-22T12:05:00.000Z",
    attempts: [
      { at: "2026-11-22T12:02:12.000Z", outcome: "unreachable", httpStatus: null, latencyMs: 30_000, error: "timed out" },
      { at: "2026-11-22T12:04:59.000Z", outcome: "done", httpStatus: 200, latencyMs: 420, error: null },
    ],
  },
};
const DAY = {
  day: "2026-11-20", today: "2026-11-22", firstDay: "2026-11-19", asOf: "2026-11-22T14:03:07+02:00", receipts: 5, completed: 4, failed: 1,
  successRate: 80, sales: { USD: 50.5 }, taxBreakdown: [], taxBreakdownCurrency: "USD",
  taxBreakdownByCurrency: { USD: [{ band: "15.5%", amount: 6.77 }] }, receiptsPerHour: Array.from({ length: 24 }, (_, i) => (i === 23 ? 5 : 0)),
  salesPerHour: { USD: Array(24).fill(0) }, devices: [{ deviceID: 10001, receipts: 5, completed: 4, failed: 1, successRate: 80, sales: { USD: 50.5 } }],
};
let store;
let session;
let asked;
let answers;

const say = (...messages) => act(() => store.dispatch({ type: "messages", messages, now: Date.now() }));
const settle = () => act(async () => { await new Promise((done) => setTimeout(done, 0)); });

async function open(role = "manager") {
  store.dispatch({ type: "signedIn", user: { username: "tendai", role, csrfToken: "c" } });
  await act(async () => {
    render(<ThemeProvider><DashboardProvider parts={{ store, session }}><App /></DashboardProvider></ThemeProvider>);
  });
  await settle();
}

const goTo = (hash) => act(async () => {
  window.location.hash = hash;
  window.dispatchEvent(new Event("hashchange"));
});

beforeEach(() => {
  store = createStore(reduce, initialState);
  session = { start: vi.fn(), stop: vi.fn(), signIn: vi.fn(), signOut: vi.fn(), signOutEverywhere: vi.fn(), tryNow: vi.fn(), checkAgain: vi.fn() };
  asked = [];
  drawn.chips = {};
  answers = {
    "/api/dashboard/devices/": { items: [DEVICE, { ...DEVICE, deviceID: 10002, health: "failed", attention: "Blocked" }], next: null },
    "/api/dashboard/devices/10001/": { ...DEVICE, counters: [], lastReceipts: [], latencySeries: [{ at: DEVICE.lastHeard, latencyMs: 40 }], errors: [] },
    "/api/receipts/r-1/": RECEIPT,
    "/api/dashboard/history/?day=2026-11-20": DAY,
    "/api/auth/sessions/": { items: [{ id: "a", kind: "browser", createdAt: DEVICE.lastHeard, current: true }, { id: "b", kind: "program", createdAt: DEVICE.lastHeard, current: false }], next: null },
    "/api/auth/sessions/end/": {},
  };
  vi.stubGlobal("fetch", async (path, options = {}) => {
    asked.push([path, options]);
    const body = answers[path];
    return body === undefined
      ? { ok: false, status: 404, headers: new Headers(), text: async () => "{}" }
      : { ok: true, status: 200, headers: new Headers(), text: async () => JSON.stringify(body) };
  });
  // jsdom has the element and not its methods.
  HTMLDialogElement.prototype.showModal ??= function showModal() { this.open = true; };
  HTMLDialogElement.prototype.close ??= function close() { this.open = false; };
});

afterEach(() => {
  window.history.replaceState(null, "", "/");
  vi.unstubAllGlobals();
});

describe("device heatmap", () => {
  it("says each device's state in words and links to it; a cell is not drawn again for another one's receipt", async () => {
    await open();
    say(hello(100));
    await screen.findByText("2 devices: 1 stopped, 1 fine.");
    expect(screen.getByRole("link", { name: "Device 10001, Fine" }).getAttribute("href")).toBe("#/devices/10001");
    const before = drawn.chips.Stopped;
    say(stage("a", 60, { receiptGlobalNo: 5 }));
    const lane = screen.getByRole("progressbar", { name: "Receipt under way on device 10001" });
    const other = screen.getByRole("progressbar", { name: "Receipt under way on device 10002" });
    expect([lane, other].map((bar) => bar.getAttribute("aria-valuenow"))).toEqual(["60", "0"]);
    say({ ...stage("b", 60, { receiptGlobalNo: 6 }), deviceID: 10002 });
    expect(other.getAttribute("aria-valuetext")).toBe("Receipt 6: 60 %");
    expect(drawn.chips.Stopped).toBe(before);
  });

  it("is read again at once after news of a device, not after each receipt", async () => {
    await open();
    say(hello(100));
    await screen.findByText("2 devices: 1 stopped, 1 fine.");
    const times = () => asked.filter(([path]) => path === "/api/dashboard/devices/").length;
    const once = times();
    say(completed(101), completed(102));
    await settle();
    expect(times()).toBe(once);
    say(event(103, "device.offline", { reason: "no answer" }));
    await settle();
    expect(times()).toBe(once + 1);
  });
});

describe("windows over the page", () => {
  it("opens a device by its address, with a sentence for its latency", async () => {
    await open();
    say(hello(100));
    await goTo("#/devices/10001");
    const dialog = await screen.findByRole("dialog", { name: "Device 10001" });
    expect(await within(dialog).findByRole("img", { name: /answered the last 1 receipt/ })).toBeTruthy();
    fireEvent.click(within(dialog).getByRole("button", { name: "Close" }));
    await settle();
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("says so when there is no such device", async () => {
    await open();
    await goTo("#/devices/999");
    expect((await screen.findByRole("alert")).textContent).toContain("There is no such device here");
  });

  it("tells a receipt's whole life, with markup as text", async () => {
    await open();
    await goTo("#/receipts/r-1");
    const dialog = await screen.findByRole("dialog", { name: "Receipt 41" });
    const steps = [...dialog.querySelectorAll(".steps__row")].map((row) => row.textContent);
    expect(steps).toHaveLength(4);
    expect(steps[1]).toContain("FDMS could not be reached");
    expect(steps[3]).toContain("22 Nov 2026, 14:05:00");
    expect(within(dialog).getByText("<b>MILK</b>")).toBeTruthy();
  });

  it("does not ask the till for what a viewer may not read", async () => {
    await open("viewer");
    say(hello(100, [completed(100, { receiptId: "r-1" })]));
    await goTo("#/receipts/r-1");
    expect((await screen.findByRole("dialog")).textContent).toContain("shown to managers");
    expect(asked.map(([path]) => path)).not.toContain("/api/receipts/r-1/");
    expect(document.querySelector("a[download]")).toBeNull();
  });
});

describe("older events", () => {
  it("are read when asked for, each once, to the beginning", async () => {
    answers["/api/dashboard/events/?before=100&limit=100"] = { items: [completed(98), completed(99)], next: "98" };
    answers["/api/dashboard/events/?before=98&limit=100"] = { items: [completed(97)], next: null };
    await open();
    say(hello(100, [completed(100)]));
    const rows = () => [...document.querySelectorAll(".feed__sentence")].map((row) => row.textContent.match(/Receipt (\d+)/)[1]);
    fireEvent.click(await screen.findByRole("button", { name: "Load older" }));
    await settle();
    expect(rows()).toEqual(["100", "99", "98"]);
    say(completed(101));
    expect(rows()).toEqual(["101", "100", "99", "98"]);
    fireEvent.click(screen.getByRole("button", { name: "Load older" }));
    await settle();
    expect(rows()).toEqual(["101", "100", "99", "98", "97"]);
    expect(screen.queryByRole("button", { name: "Load older" })).toBeNull();
  });
});

describe("history", () => {
  it("shows a day's figures and the way to its spreadsheet", async () => {
    await open();
    say(hello(100));
    await goTo("#/days/2026-11-20");
    expect(await screen.findByRole("heading", { name: "History" })).toBeTruthy();
    const card = await screen.findByRole("article", { name: "Receipts" });
    expect(card.textContent).toContain("5");
    expect(screen.getByRole("article", { name: "Success Rate" }).textContent).toContain("80.0\u00a0%");
    expect(document.querySelector("a[download]").getAttribute("href")).toContain("since=2026-11-20&until=2026-11-20");
    const trend = await screen.findByRole("img", { name: /^5 receipts on this day by hour; most from 23:00/ });
    expect(JSON.parse(trend.dataset.drawn)[23]).toBe(5);
  });

  it("takes no address that is no day", async () => {
    await open();
    say(hello(100));
    await goTo("#/days/tomorrow");
    expect(screen.getByRole("heading", { name: "Today" })).toBeTruthy();
  });
});

describe("account", () => {
  it("ends another sign-in and signs out everywhere", async () => {
    await open();
    say(hello(100));
    fireEvent.click(await screen.findByRole("button", { name: /^Account:/ }));
    fireEvent.click(await screen.findByRole("button", { name: /^End .+ since/ }));
    await settle();
    const [, sent] = asked.find(([path]) => path === "/api/auth/sessions/end/");
    expect([JSON.parse(sent.body), sent.headers["X-CSRF-Token"]]).toEqual([{ id: "b" }, "c"]);
    fireEvent.click(screen.getByRole("button", { name: "Sign out everywhere" }));
    expect(session.signOutEverywhere).toHaveBeenCalledOnce();
    fireEvent.keyDown(document, { key: "Escape" });
    expect(screen.queryByRole("region", { name: "Account" })).toBeNull();
  });
});

describe("another version of the till", () => {
  it("is said, once loading again did not help", async () => {
    const { data } = hello(100);
    sessionStorage.setItem("fiscalmon.loadedFor", "99.0");
    await open();
    say({ ...hello(100), data: { ...data, version: "99.0" } });
    expect(screen.getByRole("alert").textContent).toContain("It is 99.0, this page is");
    say({ ...hello(101), data: { ...data, version: import.meta.env.VITE_TILL_VERSION } });
    expect(screen.queryByRole("alert")).toBeNull();
  });
});

describe("the screen on the wall", () => {
  it("shows the six numbers and nothing to press", async () => {
    window.history.replaceState(null, "", "/tv");
    await open();
    say(hello(100));
    expect(await screen.findByRole("article", { name: "Receipts Today" })).toBeTruthy();
    expect(screen.getAllByRole("article")).toHaveLength(6);
    expect(screen.queryByRole("button")).toBeNull();
    expect(metrics().receiptsToday).toBe(1284);
  });
});
