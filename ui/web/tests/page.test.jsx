import { act, fireEvent, render, screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { App } from "../src/App.jsx";
import { KPICard } from "../src/components/KPICard.jsx";
import { DashboardProvider } from "../src/context/DashboardContext.jsx";
import { ThemeProvider } from "../src/context/ThemeContext.jsx";
import { ApiError } from "../src/services/api.js";
import { kpiCards } from "../src/state/kpis.js";
import { initialState, reduce } from "../src/state/reducer.js";
import { createStore } from "../src/state/store.js";
import { completed, event, hello, metrics, range, stage } from "./messages.js";

// jsdom has no canvas: what would be drawn is written into an attribute instead.
vi.mock("react-chartjs-2", () => {
  const drawing = ({ data, options, ...rest }) => (
    <canvas {...rest} data-drawn={JSON.stringify(data.datasets[0].data)} data-animated={String(options.animation)} />
  );
  return { Line: drawing, Bar: drawing, Doughnut: drawing };
});

let store;
let session;

const say = (...messages) => act(() => store.dispatch({ type: "messages", messages, now: Date.now() }));
const link = (phase, more = {}) => act(() => store.dispatch({ type: "link", link: { phase, since: Date.now(), ...more } }));

async function open(phase = "signedIn") {
  if (phase === "signedIn") store.dispatch({ type: "signedIn", user: { username: "tendai", role: "manager" } });
  else store.dispatch({ type: "session", phase });
  await act(async () => {
    render(<ThemeProvider><DashboardProvider parts={{ store, session }}><App /></DashboardProvider></ThemeProvider>);
  });
  if (phase === "signedIn") await screen.findByRole("heading", { name: "Activity" });
}

beforeEach(() => {
  store = createStore(reduce, initialState);
  session = { start: vi.fn(), stop: vi.fn(), signIn: vi.fn(), signOut: vi.fn(), tryNow: vi.fn(), checkAgain: vi.fn() };
});

describe("KPI cards", () => {
  const card = (label) => screen.getByRole("article", { name: label });

  it("show dashes before the first snapshot and numbers after it", async () => {
    await open();
    expect(card("Receipts Today").textContent).toContain("—");
    expect(document.body.textContent).not.toMatch(/NaN|undefined/);
    say(hello(100));
    expect(card("Receipts Today").textContent).toContain("1,284");
    expect(within(card("Sales Totals")).getAllByRole("listitem").map((line) => line.textContent)).toEqual(["ZWG 3,245,000.00", "USD 12,340.00"]);
  });

  it("do not render again while their card is the same", () => {
    let reads = 0;
    const plain = kpiCards(metrics())[0];
    const watched = { ...plain, get label() { reads += 1; return plain.label; } };
    const { rerender } = render(<div><KPICard card={watched} /></div>);
    const once = reads;
    expect(once).toBeGreaterThan(0);
    rerender(<div><KPICard card={watched} /></div>);
    expect(reads).toBe(once);
  });

  it("stay untouched in the page when another number changes", async () => {
    await open();
    say(hello(100));
    const changed = [];
    const observer = new MutationObserver((records) => records.forEach(({ target }) => changed.push(target)));
    document.querySelectorAll(".kpi").forEach((each) => observer.observe(each, { subtree: true, childList: true, characterData: true, attributes: true }));
    say({ ...event(100, "metrics.updated"), data: metrics({ failedReceipts: 2 }) });
    observer.takeRecords().forEach(({ target }) => changed.push(target));
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.every((target) => card("Failed Receipts").contains(target))).toBe(true);
    expect(card("Failed Receipts").textContent).toContain("Needs a look");
  });
});

describe("progress bar", () => {
  const bar = () => screen.getByRole("progressbar");

  it("says its stage in words", async () => {
    await open();
    say(hello(100), stage("a", 60, { receiptGlobalNo: 88, stage: "Sending to FDMS", elapsedMs: 41 }));
    expect(bar().getAttribute("aria-valuenow")).toBe("60");
    expect(bar().getAttribute("aria-valuetext")).toBe("Receipt 88: Sending to FDMS");
    say(event(101, "receipt.queued", { receiptId: "a", reason: "FDMS timed out" }));
    expect(bar().getAttribute("aria-valuetext")).toBe("Receipt 88: Waiting for FDMS");
    expect(screen.getByText("FDMS timed out")).toBeTruthy();
  });
});

describe("feed", () => {
  const rows = () => [...document.querySelectorAll(".feed__row")].map((row) => row.textContent);

  it("shows markup from outside as the text it is", async () => {
    await open();
    say(hello(100, [completed(100, { invoiceNo: "<img src=x onerror=alert(1)>" })]));
    expect(rows()[0]).toContain("<img src=x onerror=alert(1)>");
    expect(document.querySelector(".feed img")).toBeNull();
  });

  it("puts news on top, and holds still once the reader has scrolled", async () => {
    await open();
    link("live");
    say(hello(100, range(61, 100).map((seq) => completed(seq))), completed(101));
    expect(rows()[0]).toContain("Receipt 101 accepted");
    const list = document.querySelector(".feed__scroll");
    list.scrollTop = 200;
    fireEvent.scroll(list);
    say(completed(102), completed(103));
    expect(rows()[0]).toContain("Receipt 101 accepted");
    fireEvent.click(screen.getByRole("button", { name: "2 new" }));
    expect(rows()[0]).toContain("Receipt 103 accepted");
    expect(screen.queryByRole("button", { name: /new$/ })).toBeNull();
  });

  it("filters by kind and by text", async () => {
    await open();
    say(hello(3, [completed(1), event(2, "receipt.failed", { receiptGlobalNo: 2 }), event(3, "fiscal.opened", { fiscalDayNo: 9 })]));
    expect(rows()).toHaveLength(3);
    fireEvent.click(screen.getByRole("radio", { name: "Problems" }));
    expect(rows()).toHaveLength(1);
    fireEvent.click(screen.getByRole("radio", { name: "All" }));
    fireEvent.change(screen.getByRole("searchbox"), { target: { value: "day 9" } });
    expect(rows()).toHaveLength(1);
    fireEvent.change(screen.getByRole("searchbox"), { target: { value: "zzz" } });
    expect(screen.getByText("Nothing matches")).toBeTruthy();
  });
});

describe("charts", () => {
  it("carry a sentence, and show the same numbers as a table", async () => {
    await open();
    say(hello(100));
    expect(await screen.findByRole("img", { name: /^112 receipts today by hour/ })).toBeTruthy();
    const drawn = [...document.querySelectorAll("canvas")].map((canvas) => JSON.parse(canvas.dataset.drawn));
    expect(drawn).toEqual([[0, 0, 0, 0, 0, 0, 0, 0, 10, 20, 40, 30, 5, 0, 7, ...Array(9).fill(null)], [450, 120], [100, 1284]]);
    fireEvent.click(screen.getByRole("button", { name: "Receipts Trend: show as table" }));
    expect(within(screen.getByRole("table", { name: "Receipts Trend" })).getByRole("row", { name: "10:00–11:00 40" })).toBeTruthy();
    expect(screen.queryByRole("img", { name: /^112 receipts/ })).toBeNull();
  });

  it("say what will be there before there is anything", async () => {
    await open();
    say(hello(1, [], { receiptsPerHour: Array(24).fill(0), taxBreakdown: [], taxBreakdownByCurrency: {}, successRate7d: [], sales: {} }));
    for (const words of ["No sales yet today", "No tax yet today", "No sales yet", "Nothing has happened yet"]) {
      expect(screen.getByText(words)).toBeTruthy();
    }
  });
});

describe("states of the page", () => {
  it("says live, catching up, stale, and offline since when", async () => {
    await open();
    say(hello(100));
    const chip = () => document.querySelector(".link-status [role=status]").textContent;
    link("live");
    expect(chip()).toBe("Live");
    link("catchingUp");
    expect(chip()).toBe("Catching up…");
    link("stale", { since: Date.now() - 24_000 });
    expect(chip()).toMatch(/^No news for 2\d\u00a0s$/);
    // As the till's own clock had it, whatever this computer believes.
    link("offline", { since: new Date("2026-11-22T09:02:11Z").getTime(), nextTryAt: Date.now() + 4_000 });
    expect(chip()).toBe("Offline");
    expect(screen.getByRole("alert").textContent).toContain("Offline since 14:03:07.");
    expect(document.querySelector(".page").dataset.link).toBe("offline");
    fireEvent.click(screen.getByRole("button", { name: "Try now" }));
    expect(session.tryNow).toHaveBeenCalledOnce();
    link("shuttingDown");
    expect(screen.getByRole("alert").textContent).toContain("The till is shutting down or restarting.");
  });

  it("does not cry out over a break of a moment", async () => {
    await open();
    link("offline");
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("knows a till without devices", async () => {
    await open();
    say(hello(1, [], { totalDevices: 0, activeDevices: 0 }));
    expect(screen.getByText("No fiscal device yet")).toBeTruthy();
  });

  it.each([["forbidden", "You may not see this dashboard"], ["unreachable", "The till does not answer"]])("has a page for %s", async (phase, words) => {
    await open(phase);
    expect(await screen.findByRole("heading", { name: words })).toBeTruthy();
  });
});

describe("login", () => {
  async function signIn(error) {
    session.signIn.mockImplementation(async () => { if (error) throw error; });
    await open("signedOut");
    fireEvent.change(await screen.findByLabelText("User name"), { target: { value: "tendai" } });
    fireEvent.change(screen.getByLabelText("Password"), { target: { value: "secret" } });
    await act(async () => fireEvent.submit(screen.getByRole("form", { name: "Sign in" })));
  }

  it("hands name and password over once", async () => {
    await signIn();
    expect(session.signIn.mock.calls).toEqual([["tendai", "secret", false]]);
  });

  it("never says which of the two was wrong, and empties the password", async () => {
    await signIn(new ApiError(401, "unknown user tendai"));
    expect(screen.getByRole("alert").textContent).toBe("User name or password is wrong.");
    expect(screen.getByLabelText("Password").value).toBe("");
    expect(screen.getByLabelText("User name").value).toBe("tendai");
  });

  it("waits as long as the till asks for", async () => {
    await signIn(new ApiError(429, "Too many", 8));
    const button = screen.getByRole("button", { name: /^Wait/ });
    expect(button.disabled).toBe(true);
    expect(screen.getByRole("alert").textContent).toMatch(/^Too many tries\. Next try in 8\u00a0s\.$/);
    fireEvent.change(screen.getByLabelText("Password"), { target: { value: "again" } });
    await act(async () => fireEvent.submit(screen.getByRole("form", { name: "Sign in" })));
    expect(session.signIn).toHaveBeenCalledOnce();
  });
});
