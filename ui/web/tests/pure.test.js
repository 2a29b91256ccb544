import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { createClockWatch } from "../src/services/clockWatch.js";
import { BY_CURRENCY, salesView } from "../src/state/chartViews.js";
import { countersOf, openedOf } from "../src/state/devices.js";
import { kpiCards } from "../src/state/kpis.js";
import { noLanes, observeLane } from "../src/state/lanes.js";
import { routeOf } from "../src/state/route.js";
import { tokenOf } from "../src/state/screenToken.js";
import { msToNight, shiftAt } from "../src/state/wall.js";

const told = (type, receiptId, data = {}) => ({ type, deviceID: 1, data: { receiptId, ...data } });

describe("addresses", () => {
  it.each([
    ["#/devices/10001", { kind: "devices", id: "10001" }],
    ["#/receipts/a%20b", { kind: "receipts", id: "a b" }],
    ["#/days/2026-11-20", { kind: "days", id: "2026-11-20" }],
    ["#/devices/../../x", null],
    ["#/devices/x", null],
    ["#/days/2026-1-1", null],
    ["#/receipts/%E0%A4%A", null],
    ["#token=abc", null],
    ["", null],
  ])("%s", (hash, route) => expect(routeOf(hash)).toEqual(route));

  it("takes a token from the wall's address only", () => {
    expect(tokenOf({ pathname: "/tv", hash: "#token=a.b-c" })).toBe("a.b-c");
    expect(tokenOf({ pathname: "/", hash: "#token=a.b-c" })).toBeNull();
    expect(tokenOf({ pathname: "/tv", hash: "#token=a b" })).toBeNull();
  });
});

describe("a bar for each device", () => {
  it("follows the newest receipt and never goes back for an older one's end", () => {
    let lanes = observeLane(noLanes, told("receipt.progress", "a", { percent: 60 }));
    lanes = observeLane(lanes, told("receipt.progress", "b", { percent: 20 }));
    expect(lanes[1]).toMatchObject({ receiptId: "b", percent: 20, outcome: null });
    expect(observeLane(lanes, told("receipt.completed", "a"))).toBe(lanes);
    lanes = observeLane(lanes, told("receipt.queued", "b"));
    expect(lanes[1]).toMatchObject({ percent: 60, outcome: "waiting" });
    lanes = observeLane(lanes, told("receipt.completed", "b", { receiptGlobalNo: 8 }));
    expect(lanes[1]).toMatchObject({ percent: 100, outcome: "completed", receiptGlobalNo: 8 });
  });
});

describe("sales by currency", () => {
  const day = { sales: { USD: 10, ZWG: 250.5 }, salesPerHour: { USD: Array(24).fill(0), ZWG: Array(24).fill(0) }, asOf: "2026-11-22T14:00:00+02:00" };

  it("has one bar a currency, the largest first, and by hour when one is chosen", () => {
    const view = salesView(day, BY_CURRENCY);
    expect([view.labels, view.values, view.table.rows[0]]).toEqual([["ZWG", "USD"], [250.5, 10], ["ZWG", "250.50"]]);
    expect(view.sentence).toContain("USD\u00a010.00");
    expect(salesView(day, "USD").labels).toHaveLength(24);
    expect(salesView({ ...day, sales: { USD: 1 } }, BY_CURRENCY).currency).toBe("USD");
  });
});

describe("the wall", () => {
  it("loads anew between three and four at the shop", () => {
    const noon = Date.parse("2026-11-22T12:00:00+02:00");
    expect(new Date(noon + msToNight(noon, 0)).toISOString()).toBe("2026-11-23T01:00:00.000Z");
    expect(msToNight(Date.parse("2026-11-22T03:30:00+02:00"), 0.5)).toBe(24 * 3_600_000);
    expect(msToNight(Date.parse("2026-11-22T02:00:00+02:00"), 1)).toBe(2 * 3_600_000);
  });

  it("moves each minute and never far", () => {
    const spots = Array.from({ length: 30 }, (_, i) => shiftAt(i * 60_000));
    spots.slice(1).forEach((spot, i) => expect(spot).not.toEqual(spots[i]));
    expect(Math.max(...spots.flatMap(({ x, y }) => [Math.abs(x), Math.abs(y)]))).toBeLessThanOrEqual(12);
  });
});

describe("the clock's watch", () => {
  let page;
  let jumps;
  let watch;

  beforeEach(() => {
    vi.useFakeTimers();
    page = { document: { visibilityState: "visible" } };
    jumps = [];
    watch = createClockWatch((ms) => jumps.push(ms), page);
    watch.start();
  });
  afterEach(() => {
    watch.stop();
    vi.useRealTimers();
  });

  it("is silent while clock and timers agree", () => {
    vi.advanceTimersByTime(60_000);
    expect(jumps).toEqual([]);
  });

  it("tells a clock that was set, forward and back", () => {
    vi.setSystemTime(Date.now() + 3_600_000);
    vi.advanceTimersByTime(5_000);
    vi.setSystemTime(Date.now() - 7_200_000);
    vi.advanceTimersByTime(5_000);
    expect(jumps).toEqual([3_600_000, -7_200_000]);
  });

  it("takes the rare timers of a page in the background for no sleep", () => {
    page.document.visibilityState = "hidden";
    vi.setSystemTime(Date.now() + 55_000);
    vi.advanceTimersByTime(5_000);
    expect(jumps).toEqual([]);
  });
});

describe("what the till leaves out", () => {
  it("a day's opening is read as shop time, and an em dash where there is none", () => {
    expect(openedOf({ fiscalDayOpened: "2026-11-23T02:48:59" })).toMatch(/23.*2026.*02:48:59/);
    expect(openedOf({ fiscalDayOpened: "2026-11-23T00:48:59Z" })).toMatch(/23.*2026.*02:48:59/);
    expect(openedOf({ fiscalDayOpened: null })).toBe("—");
  });

  it("no sums yet is not the same as no sales", () => {
    const told = (metrics) => kpiCards(metrics).at(-1);
    expect(told(null).context).not.toMatch(/no sales/);
    expect(told(null).why).toMatch(/not arrived/);
    expect(told({ sales: {} }).context).toBe("no sales yet today");
  });
});

describe("counters of a fiscal day", () => {
  it.each([
    [{ fiscalCounterType: "SaleTaxByTax", fiscalCounterTaxPercent: 15.5 }, "Tax of sales, 15.5 %"],
    [{ fiscalCounterType: "SaleByTax", fiscalCounterTaxPercent: 0 }, "Sales, 0 %"],
    [{ fiscalCounterType: "CreditNoteByTax" }, "Credit notes, exempt"],
    [{ fiscalCounterType: "BalanceByMoneyType", fiscalCounterMoneyType: "Cash" }, "Taken, Cash"],
  ])("%j", (counter, name) => {
    const [row] = countersOf({ counters: [{ ...counter, fiscalCounterCurrency: "USD", fiscalCounterValue: 1.5 }] });
    expect(row).toMatchObject({ name, currency: "USD", value: 1.5 });
  });
});
