// A day gone by in the shapes that cards and charts take. Pure.
import { UNKNOWN, count, numberOf, percent, plural } from "../format.js";
import { salesLines } from "./kpis.js";

const calm = { level: "ok", word: null };

/** The day's cards. */
export function dayCards(day) {
  const failed = numberOf(day.failed);
  const open = day.receipts - day.completed - day.failed;
  const lines = salesLines(day.sales);
  return [
    { id: "dayReceipts", label: "Receipts", value: count(day.receipts), context: open > 0 ? `${count(open)} not yet answered` : "all answered by FDMS", ...calm },
    { id: "dayFailed", label: "Failed Receipts", value: count(failed), context: failed === 0 ? "none refused" : "refused by FDMS", ...(failed > 0 ? { level: "failed", word: "Needs a look" } : calm) },
    { id: "daySuccess", label: "Success Rate", value: percent(day.successRate), context: "accepted of answered", why: "FDMS answered no receipt of this day", ...calm },
    { id: "daySales", label: "Sales Totals", value: UNKNOWN, lines, context: lines.length === 0 ? "no sales on this day" : "with tax, credit notes subtracted", why: "No sale was made on this day", ...calm },
  ];
}

/** The moment that charts take as "now": the day's end, or the present on the day itself. */
export function endOf(day) {
  if (day.day === day.today) return day.asOf;
  return `${day.day}T23:59:59+02:00`;
}

/** Rows of the table by device. */
export function deviceRows(day) {
  return day.devices.map((part) => ({
    deviceID: part.deviceID,
    receipts: plural(part.receipts, "receipt"),
    failed: count(part.failed),
    rate: percent(part.successRate),
    sales: salesLines(part.sales),
  }));
}

