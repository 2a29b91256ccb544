// The small panels: what waits, which fiscal days are in which state, certificates, the week. Pure.
import { UNKNOWN, calendarDay, count, numberOf, oneDecimal, percent, plural, shopDay } from "../format.js";

const DAY_WORDS = Object.freeze({
  FiscalDayOpened: { word: "open", level: "ok" },
  FiscalDayCloseInitiated: { word: "closing", level: "plain" },
  FiscalDayClosed: { word: "closed", level: "plain" },
  FiscalDayCloseFailed: { word: "close failed", level: "failed" },
});
const EXPIRES_SOON = 30;
const EXPIRES_NOW = 7;
const GROWING = 10;
const GAUGE_TOP = 50;

/** {value, share 0..1 of the gauge, level, word}. */
export function queueHealth(queueDepth) {
  const depth = numberOf(queueDepth);
  return {
    value: count(depth),
    share: depth === null ? 0 : Math.min(1, depth / GAUGE_TOP),
    level: depth === null || (depth > 0 && depth < GROWING) ? "plain" : depth === 0 ? "ok" : "attention",
    word: depth === null ? "Not known yet" : depth === 0 ? "All sent" : depth < GROWING ? "Sending" : "Waiting",
  };
}

/** [{state, word, level, value}] of states that some device is in. */
export function dayStates(fiscalDayStatus) {
  const order = Object.keys(DAY_WORDS);
  return Object.entries(fiscalDayStatus ?? {})
    .filter(([, value]) => numberOf(value) > 0)
    .map(([state, value]) => ({ state, ...(DAY_WORDS[state] ?? { word: state, level: "plain" }), value: count(value) }))
    .sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
}

/** [{deviceID, words, until, level}], the one that ends first on top. */
export function certificateHealth(certificates) {
  return (Array.isArray(certificates) ? certificates : [])
    .map(({ deviceID, notAfter, daysLeft }) => ({ deviceID, notAfter, days: numberOf(daysLeft) }))
    .filter(({ days }) => days !== null)
    .sort((a, b) => a.days - b.days)
    .map(({ deviceID, notAfter, days }) => ({
      deviceID,
      words: days <= 0 ? "expired" : `${plural(days, "day")} left`,
      until: shopDay(notAfter),
      level: days <= EXPIRES_NOW ? "failed" : days <= EXPIRES_SOON ? "attention" : "ok",
    }));
}

/** [{date, label, rate, words, level}], oldest first; a day without receipts has rate null. */
export function weekRates(successRate7d) {
  return (Array.isArray(successRate7d) ? successRate7d : []).slice(-7).map(({ date, rate, receipts }) => {
    const known = numberOf(receipts) === 0 ? null : numberOf(rate);
    return {
      date,
      label: calendarDay(date).split(" ")[0],
      rate: known,
      figure: known === null ? UNKNOWN : oneDecimal(known),
      words: known === null ? "no receipts" : `${percent(known)} of ${plural(receipts, "receipt")}`,
      level: known === null ? "plain" : known >= 99 ? "ok" : known >= 95 ? "attention" : "failed",
    };
  });
}
