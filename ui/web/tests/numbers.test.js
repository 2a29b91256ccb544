import { describe, expect, it } from "vitest";

import { amount, milliseconds, money, numberOf, percent, shopHour, shopTime, span } from "../src/format.js";
import { salesView, taxView, trendView } from "../src/state/chartViews.js";
import { certificateHealth, dayStates, queueHealth, weekRates } from "../src/state/health.js";
import { kpiCards } from "../src/state/kpis.js";
import { metrics } from "./messages.js";

const card = (id, changes) => kpiCards(changes === null ? null : metrics(changes)).find((each) => each.id === id);

describe("KPI cards", () => {
  it("have the pack's labels, in its order", () => {
    expect(kpiCards(null).map(({ label }) => label)).toEqual([
      "Active Devices", "Receipts Today", "Failed Receipts", "Success Rate", "FDMS Latency", "Sales Totals",
    ]);
  });

  it("write numbers for reading", () => {
    expect(card("receiptsToday").value).toBe("1,284");
    expect(card("successRate", { successRate: 100 }).value).toBe("100.0\u00a0%");
    expect(card("fdmsLatency").value).toBe("540\u00a0ms");
    expect(card("activeDevices")).toMatchObject({ value: "12", context: "of 15 registered" });
    expect(card("receiptsToday").context).toBe("7 this hour");
  });

  it("give one line a currency, the largest first", () => {
    expect(card("salesTotals").lines).toEqual([
      { currency: "ZWG", amount: "3,245,000.00" },
      { currency: "USD", amount: "12,340.00" },
    ]);
    expect(card("salesTotals", { sales: { A: 4, B: 3, C: 2, D: 1 } })).toMatchObject({ context: "and 1 more currency" });
  });

  it("show an em dash for what is unknown, never NaN, null or 0.00", () => {
    for (const source of [null, {}, { sales: null }, { sales: { USD: "x" }, avgLatencyMs: "x", successRate: NaN, receiptsPerHour: null }]) {
      for (const each of kpiCards(source)) {
        expect(each.value).toBe("—");
        expect(JSON.stringify(each)).not.toMatch(/NaN|undefined|0\.00/);
        expect(each.why.length).toBeGreaterThan(10);
      }
    }
    expect(card("fdmsLatency", { avgLatencyMs: 0 }).value).toBe("—");
  });

  it("say what is wrong in a word, not by colour alone", () => {
    expect(card("failedReceipts")).toMatchObject({ level: "ok", word: null, value: "0" });
    expect(card("failedReceipts", { failedReceipts: 3 })).toMatchObject({ level: "failed", word: "Needs a look" });
    expect(card("successRate", { successRate: 98.9 })).toMatchObject({ level: "attention" });
    expect(card("successRate", { successRate: 90 })).toMatchObject({ level: "failed", word: "Below 95 %" });
    expect(card("fdmsLatency", { avgLatencyMs: 12400 })).toMatchObject({ value: "12.4\u00a0s", level: "failed" });
    expect(card("activeDevices", { activeDevices: 9 })).toMatchObject({ level: "attention", word: "2 silent" });
    expect(card("activeDevices", { fiscalDayStatus: { FiscalDayCloseFailed: 1 } })).toMatchObject({ word: "1 close failed" });
  });
});

describe("formats", () => {
  it("reads decimal strings, and nothing else that is not a number", () => {
    expect([numberOf("12.30"), numberOf(0), numberOf(""), numberOf(null), numberOf([5]), numberOf("x"), numberOf(Infinity)])
      .toEqual([12.3, 0, null, null, null, null, null]);
    expect([amount("-3.5"), money("USD", null), money(undefined, 5), percent(undefined), milliseconds(null)])
      .toEqual(["\u22123.50", "—", "5.00", "—", "—"]);
  });

  it("shows shop time, whatever zone the value or the viewer has", () => {
    expect(shopTime("2026-11-22T22:30:05Z")).toBe("00:30:05");
    expect(shopHour("2026-11-22T22:30:05Z")).toBe(0);
    expect([shopTime("?"), shopTime(null), shopHour(undefined)]).toEqual(["—", "—", null]);
  });

  it("tells spans in words", () => {
    expect([8_400, 185_000, 7_500_000, 4 * 86_400_000, -5].map(span)).toEqual(["8\u00a0s", "3\u00a0min", "2\u00a0h 05\u00a0min", "4\u00a0days", "0\u00a0s"]);
  });
});

describe("chart views", () => {
  it("draw hours up to now; the rest of the day is not zero but nothing", () => {
    const view = trendView(metrics().receiptsPerHour, metrics().asOf);
    expect(view.values.slice(12)).toEqual([5, 0, 7, ...Array(9).fill(null)]);
    expect(view.unfinished).toBe(14);
    expect(view.sentence).toContain("112 receipts today by hour; most from 10:00–11:00 with 40; 7 so far");
    expect(view.table.rows[0]).toEqual(["14:00–15:00", "7"]);
    expect(trendView(Array(24).fill(0), metrics().asOf).empty.title).toBe("No sales yet today");
  });

  it("split tax by band for the chosen currency", () => {
    const view = taxView(metrics(), null);
    expect(view).toMatchObject({ currency: "ZWG", total: "570.00", currencies: ["ZWG", "USD"], empty: null });
    expect(view.bands.map(({ band, amount: tax, share }) => [band, tax, share])).toEqual([["15.5%", "450.00", "78.9\u00a0%"], ["0%", "120.00", "21.1\u00a0%"]]);
    expect(taxView(metrics(), "USD")).toMatchObject({ currency: "USD", total: "9.00" });
    expect(taxView(metrics(), "GBP").currency).toBe("ZWG");
    expect(taxView({}, null).empty).not.toBeNull();
  });

  it("show the week's receipts, or sales by hour where the till gives them", () => {
    expect(salesView(metrics(), null)).toMatchObject({ labels: ["Sat 21", "Today"], values: [100, 1284], unit: null, unfinished: 1 });
    const hourly = salesView(metrics({ salesPerHour: { USD: [...Array(14).fill(2), 5, ...Array(9).fill(0)] } }), null);
    expect(hourly).toMatchObject({ unit: "USD", unfinished: 14, currencies: ["USD"] });
    expect(hourly.values.slice(13)).toEqual([2, 5, ...Array(9).fill(null)]);
    expect(salesView({}, null).empty).not.toBeNull();
  });
});

describe("health panels", () => {
  it("rate the queue, the days, the certificates and the week", () => {
    expect([0, 3, 40, null].map((depth) => queueHealth(depth).word)).toEqual(["All sent", "Sending", "Waiting", "Not known yet"]);
    expect(dayStates({ FiscalDayClosed: 2, FiscalDayOpened: 5, FiscalDayCloseFailed: 0 }).map(({ word, value }) => [word, value]))
      .toEqual([["open", "5"], ["closed", "2"]]);
    expect(certificateHealth(metrics().certificates).map(({ deviceID, level, words }) => [deviceID, level, words]))
      .toEqual([[2, "failed", "6 days left"], [1, "ok", "41 days left"]]);
    expect(weekRates([{ date: "2026-11-22", rate: 100, receipts: 0 }])[0]).toMatchObject({ rate: null, figure: "—", words: "no receipts" });
  });
});

describe("another reader's locale", () => {
  it("writes numbers and days its way, and falls back where the browser names none", async () => {
    const { vi } = await import("vitest");
    const written = async (language) => {
      vi.resetModules();
      vi.spyOn(navigator, "language", "get").mockReturnValue(language);
      const format = await import("../src/format.js");
      return [format.amount(3245000.5), format.shopDay("2026-11-22T12:00:00Z"), format.shopTime("2026-11-22T12:00:00Z")];
    };
    expect(await written("de-DE")).toEqual(["3.245.000,50", "22. Nov. 2026", "14:00:00"]);
    expect(await written("en-US@posix")).toEqual(["3,245,000.50", "22 Nov 2026", "14:00:00"]);
  });
});
