// What the heatmap and the drill-down say of a device. Pure.
import { UNKNOWN, count, milliseconds, numberOf, plural, shopDay, shopMinute, shopTime } from "../format.js";

const HEALTH = Object.freeze({
  ok: { level: "ok", word: "Fine" },
  attention: { level: "attention", word: "Look" },
  failed: { level: "failed", word: "Stopped" },
});
const DAYS = Object.freeze({
  FiscalDayOpened: "open",
  FiscalDayCloseInitiated: "closing",
  FiscalDayClosed: "closed",
  FiscalDayCloseFailed: "close failed",
});
const SHOP_OFFSET = "+02:00";
const PRINTERS = Object.freeze({ ready: "ok", ok: "ok", attention: "attention", warning: "attention" });

export const healthOf = (device) => HEALTH[device.health] ?? { level: "plain", word: "Not known" };

/** "Day 118 open", "Day 118 closed", "no day yet". */
export function dayOf(device) {
  const word = DAYS[device.fiscalDayStatus] ?? device.fiscalDayStatus ?? "not known";
  return numberOf(device.fiscalDayNo) === null ? "No fiscal day yet" : `Day ${device.fiscalDayNo} ${word}`;
}

export function queueOf(device) {
  const waiting = numberOf(device.queueDepth);
  if (waiting === null) return UNKNOWN;
  if (waiting === 0) return "all sent";
  return `${count(waiting)} waiting${device.oldestQueuedAt ? ` since ${shopMinute(device.oldestQueuedAt)}` : ""}`;
}

const LINES = Object.freeze({
  closed: "The line to FDMS carries: it is on its way.",
  trying: "It is tried just now.",
  open: "It is tried again by itself.",
  blocked: "FDMS refuses it; nothing may overtake it.",
});

/** Why receipts wait: {word, reason, sendable}, of a device in full. */
export function lineOf({ circuit, queue }) {
  const next = circuit?.nextTryAt ? ` Next try ${shopTime(circuit.nextTryAt)}.` : "";
  const acts = Array.isArray(queue?.acts) ? queue.acts : [];
  return {
    word: `${LINES[circuit?.state] ?? ""}${next}`,
    reason: circuit?.blocked ?? queue?.head?.reason ?? null,
    sendable: acts.some(({ act }) => act === "retry"),
  };
}

/** Printers of a device, where the till tells of any: [{name, level, words}]. */
export function printersOf(device) {
  return (Array.isArray(device.printers) ? device.printers : []).map((printer) => {
    const state = String(printer.state ?? printer.health ?? printer.status ?? "not known");
    return {
      name: String(printer.name ?? "Printer"),
      level: PRINTERS[state] ?? (state === "not known" ? "plain" : "failed"),
      words: [state, printer.reason ?? printer.attention].filter(Boolean).join(": "),
    };
  });
}

/** "3 devices: 2 fine, 1 needs a look." */
export function devicesSentence(devices) {
  const number = (level) => devices.filter((device) => healthOf(device).level === level).length;
  const parts = [
    [number("failed"), "stopped"],
    [number("attention"), number("attention") === 1 ? "needs a look" : "need a look"],
    [number("ok"), "fine"],
  ];
  const said = parts.filter(([some]) => some > 0).map(([some, word]) => `${some} ${word}`);
  return `${plural(devices.length, "device")}: ${said.join(", ") || "state not known"}.`;
}

/** When the fiscal day was opened; the till writes it in shop time, without a zone. */
export function openedOf({ fiscalDayOpened }) {
  const text = String(fiscalDayOpened ?? "");
  const at = /[Z+]/.test(text) ? text : `${text}${SHOP_OFFSET}`;
  return text === "" ? UNKNOWN : `${shopDay(at)}, ${shopTime(at)}`;
}

/** [{name, value}] groups of the drill-down. */
export function identityOf(device) {
  const rows = [
    ["Serial number", device.deviceSerialNo],
    ["Model", [device.deviceModelName, device.deviceModelVersion].filter(Boolean).join(" ")],
    ["Taxpayer", device.taxPayerName],
    ["TIN", device.taxPayerTIN],
    ["VAT number", device.vatNumber],
    ["Branch", device.deviceBranchName],
    ["Mode", device.deviceOperatingMode],
    ["Certificate until", device.certificateValidTill ? shopDay(device.certificateValidTill) : null],
    ["Last heard", device.lastHeard ? `${shopDay(device.lastHeard)}, ${shopTime(device.lastHeard)}` : "never"],
    ["Last receipt", device.lastReceiptGlobalNo || null],
  ];
  return rows.filter(([, value]) => value).map(([name, value]) => ({ name, value: String(value) }));
}

/** The latency series to draw: {points, sentence, rows} or null before any answer. */
export function latencyOf(device) {
  const series = (Array.isArray(device.latencySeries) ? device.latencySeries : []).filter(
    ({ latencyMs }) => numberOf(latencyMs) !== null,
  );
  if (series.length === 0) return null;
  const points = series.map(({ latencyMs }) => numberOf(latencyMs));
  const sorted = points.toSorted((a, b) => a - b);
  const middle = sorted[sorted.length >> 1];
  return {
    points,
    sentence: `FDMS answered the last ${plural(points.length, "receipt")} in ${milliseconds(middle)} at the middle, ${milliseconds(sorted[0])} at best, ${milliseconds(sorted.at(-1))} at worst.`,
    rows: series.map(({ at, latencyMs }, i) => [`${i + 1}. ${shopTime(at)}`, milliseconds(latencyMs)]).reverse(),
  };
}

// The window's words for FDMS's counters (ui/presenters/device_facts.py).
const COUNTERS = {
  SaleByTax: "Sales",
  SaleTaxByTax: "Tax of sales",
  CreditNoteByTax: "Credit notes",
  CreditNoteTaxByTax: "Tax of credit notes",
  DebitNoteByTax: "Debit notes",
  DebitNoteTaxByTax: "Tax of debit notes",
  BalanceByMoneyType: "Taken",
};

/** Fiscal counters as rows of text; an exempt sale has a tax without a percent. */
export function countersOf(device) {
  return (device.counters ?? []).map((counter, key) => {
    const percent = counter.fiscalCounterTaxPercent ?? null;
    const which = counter.fiscalCounterMoneyType ?? (percent === null ? "exempt" : `${percent} %`);
    return {
      key,
      name: `${COUNTERS[counter.fiscalCounterType] ?? counter.fiscalCounterType}, ${which}`,
      currency: counter.fiscalCounterCurrency,
      value: counter.fiscalCounterValue,
    };
  });
}
