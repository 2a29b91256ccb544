// The six KPI cards from a metrics snapshot. Pure; the same names and rounding as at the till.
import { UNKNOWN, amount, count, milliseconds, numberOf, percent, plural, shopHour } from "../format.js";

const OPEN_STATES = ["FiscalDayOpened", "FiscalDayCloseInitiated"];
const ATTENTION_RATE = 99;
const FAILED_RATE = 95;
const SLOW_MS = 2_000;
const VERY_SLOW_MS = 10_000;
const LINES_SHOWN = 3;

const calm = { level: "ok", word: null };

function sum(values) {
  return values.reduce((total, value) => total + (numberOf(value) ?? 0), 0);
}

function activeDevices(metrics) {
  const active = numberOf(metrics.activeDevices);
  const total = numberOf(metrics.totalDevices);
  const days = metrics.fiscalDayStatus ?? {};
  const silent = active === null ? 0 : Math.max(0, sum(OPEN_STATES.map((state) => days[state])) - active);
  const stuck = numberOf(days.FiscalDayCloseFailed) ?? 0;
  const state =
    stuck > 0
      ? { level: "failed", word: `${stuck} close failed` }
      : silent > 0
        ? { level: "attention", word: `${silent} silent` }
        : calm;
  return {
    id: "activeDevices",
    label: "Active Devices",
    value: count(active),
    context: total === null ? "day open and heard from" : `of ${count(total)} registered`,
    why: "No device has reported yet",
    // The count itself is not wrong: only the chip takes the colour.
    ink: "ok",
    ...state,
  };
}

function receiptsToday(metrics) {
  const hours = Array.isArray(metrics.receiptsPerHour) ? metrics.receiptsPerHour : [];
  const hour = shopHour(metrics.asOf);
  const now = hour === null ? null : numberOf(hours[hour]);
  return {
    id: "receiptsToday",
    label: "Receipts Today",
    value: count(metrics.receiptsToday),
    context: now === null ? "since midnight, shop time" : `${count(now)} this hour`,
    why: "The count has not arrived yet",
    spark: hour === null ? [] : hours.slice(0, hour + 1).map((value) => numberOf(value) ?? 0),
    ...calm,
  };
}

function failedReceipts(metrics) {
  const failed = numberOf(metrics.failedReceipts);
  return {
    id: "failedReceipts",
    label: "Failed Receipts",
    value: count(failed),
    context: failed === null ? "refused by FDMS today" : failed === 0 ? "none refused today" : "refused by FDMS today",
    why: "The count has not arrived yet",
    ...(failed > 0 ? { level: "failed", word: "Needs a look" } : calm),
  };
}

function successRate(metrics) {
  const rate = numberOf(metrics.successRate);
  const week = Array.isArray(metrics.successRate7d) ? metrics.successRate7d : [];
  const state =
    rate === null || rate >= ATTENTION_RATE
      ? calm
      : { level: rate >= FAILED_RATE ? "attention" : "failed", word: rate >= FAILED_RATE ? "Below 99 %" : "Below 95 %" };
  return {
    id: "successRate",
    label: "Success Rate",
    value: percent(rate),
    context: "accepted, last 24 hours",
    why: "No receipt was answered in the last 24 hours",
    spark: week.filter((day) => numberOf(day.receipts) !== 0).map((day) => numberOf(day.rate) ?? 0),
    ...state,
  };
}

function fdmsLatency(metrics) {
  const raw = numberOf(metrics.avgLatencyMs);
  // A round trip cannot take 0 ms: zero means that nothing was sent.
  const mean = raw === 0 ? null : raw;
  const state =
    mean === null || mean <= SLOW_MS
      ? calm
      : { level: mean <= VERY_SLOW_MS ? "attention" : "failed", word: mean <= VERY_SLOW_MS ? "Slow" : "Very slow" };
  return {
    id: "fdmsLatency",
    label: "FDMS Latency",
    value: milliseconds(mean),
    context: "mean, last 24 hours",
    why: "Nothing was sent to FDMS in the last 24 hours",
    ...state,
  };
}

/** [{currency, amount}] with the largest first. */
export function salesLines(sales) {
  return Object.entries(sales ?? {})
    .map(([currency, value]) => ({ currency, value: numberOf(value) }))
    .filter((line) => line.value !== null)
    .sort((a, b) => b.value - a.value)
    .map(({ currency, value }) => ({ currency, amount: amount(value) }));
}

function salesTotals(metrics) {
  const lines = salesLines(metrics.sales);
  const hidden = lines.length - LINES_SHOWN;
  return {
    id: "salesTotals",
    label: "Sales Totals",
    value: UNKNOWN,
    lines: lines.slice(0, LINES_SHOWN),
    context:
      lines.length === 0 && metrics.sales
        ? "no sales yet today"
        : hidden > 0
          ? `and ${plural(hidden, "more currency", "more currencies")}`
          : "today, with tax",
    why: metrics.sales ? "No sale was made yet today" : "The sums have not arrived yet",
    ...calm,
  };
}

/** The cards in their order, or six cards of em dashes before the first snapshot. */
export function kpiCards(metrics) {
  const source = metrics ?? {};
  return [activeDevices, receiptsToday, failedReceipts, successRate, fdmsLatency, salesTotals].map((card) => card(source));
}
