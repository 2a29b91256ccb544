// How numbers, money and times read on this dashboard. By the reader's locale; shop time is
// Harare's, whatever the viewer's own zone.
// Pure; it must not know where a value came from. What is unknown reads as an em dash.

export const UNKNOWN = "—";
export const SHOP_ZONE = "Africa/Harare";
const LOCALE = readersLocale();

/** The browser's own; ours where it has none that Intl knows. */
function readersLocale() {
  try {
    return Intl.getCanonicalLocales(navigator.language)[0] ?? "en-GB";
  } catch {
    return "en-GB";
  }
}

const MINUS = "\u2212";

const whole = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const cents = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const clock = new Intl.DateTimeFormat(LOCALE, {
  timeZone: SHOP_ZONE, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});
const shortClock = new Intl.DateTimeFormat(LOCALE, {
  timeZone: SHOP_ZONE, hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});
const day = new Intl.DateTimeFormat(LOCALE, { timeZone: SHOP_ZONE, day: "numeric", month: "short", year: "numeric" });
const longDay = new Intl.DateTimeFormat(LOCALE, {
  timeZone: SHOP_ZONE, weekday: "long", day: "numeric", month: "long", year: "numeric",
});
const weekday = new Intl.DateTimeFormat(LOCALE, { timeZone: "UTC", weekday: "short" });
const hourOfDay = new Intl.DateTimeFormat(LOCALE, { timeZone: SHOP_ZONE, hour: "2-digit", hourCycle: "h23" });

/** A finite number, or null. Decimal strings count; "", null, NaN and objects do not. */
export function numberOf(value) {
  if (typeof value === "string" && value.trim() === "") return null;
  if (typeof value !== "number" && typeof value !== "string") return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

function written(formatter, value) {
  const number = numberOf(value);
  return number === null ? UNKNOWN : formatter.format(number).replace("-", MINUS);
}

export const count = (value) => written(whole, value);
export const oneDecimal = (value) => written(tenths, value);
export const amount = (value) => written(cents, value);

/** 99.2 -> "99.2 %". */
export function percent(value) {
  return numberOf(value) === null ? UNKNOWN : `${written(tenths, value)}\u00a0%`;
}

/** Milliseconds as a person reads them: "540 ms", "12.4 s". */
export function milliseconds(value) {
  const number = numberOf(value);
  if (number === null) return UNKNOWN;
  return number < 10_000 ? `${whole.format(Math.round(number))}\u00a0ms` : `${tenths.format(number / 1000)}\u00a0s`;
}

/** "USD 12.30"; the currency alone is not worth showing. */
export function money(currency, value) {
  if (numberOf(value) === null) return UNKNOWN;
  return currency ? `${currency}\u00a0${amount(value)}` : amount(value);
}

function dateOf(value) {
  if (value === null || value === undefined || value === "") return null;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? null : date;
}

function dated(formatter, value) {
  const date = dateOf(value);
  return date === null ? UNKNOWN : formatter.format(date);
}

export const shopTime = (value) => dated(clock, value);
export const shopMinute = (value) => dated(shortClock, value);
export const shopDay = (value) => dated(day, value);
export const shopLongDay = (value) => dated(longDay, value);

/** Local hour 0..23 of an instant at the shop, or null. */
export function shopHour(value) {
  const date = dateOf(value);
  return date === null ? null : Number(hourOfDay.format(date)) % 24;
}

/** "2026-11-22" (a calendar day, no zone) -> "Sun 22". */
export function calendarDay(isoDay) {
  const date = dateOf(`${isoDay}T00:00:00Z`);
  return date === null ? UNKNOWN : `${weekday.format(date)} ${date.getUTCDate()}`;
}

/** A span in whole words: "8 s", "3 min", "2 h 05 min", "4 days". */
export function span(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds}\u00a0s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}\u00a0min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours}\u00a0h ${String(minutes % 60).padStart(2, "0")}\u00a0min`;
  return `${Math.floor(hours / 24)}\u00a0days`;
}

/** "1 receipt", "3 receipts". */
export function plural(value, one, many = `${one}s`) {
  return `${count(value)} ${numberOf(value) === 1 ? one : many}`;
}
