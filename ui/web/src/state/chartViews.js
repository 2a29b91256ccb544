// What each chart shows, from the snapshot: numbers to draw, a sentence, a table, or why there is nothing yet.
// Pure; it must not know how a chart is drawn.
import { amount, calendarDay, count, money, numberOf, percent, plural, shopHour } from "../format.js";

const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, "0"));
const between = (hour) => `${HOURS[hour]}:00–${HOURS[(hour + 1) % 24]}:00`;

function largestFirst(totals) {
  return Object.entries(totals ?? {})
    .filter(([, value]) => numberOf(value) !== null)
    .sort((a, b) => numberOf(b[1]) - numberOf(a[1]))
    .map(([currency]) => currency);
}

/** Receipts per local hour of today; hours to come are null, the current one is unfinished. */
export function trendView(perHour, asOf) {
  const hour = shopHour(asOf) ?? HOURS.length - 1;
  const values = HOURS.map((_, i) => (i <= hour ? numberOf(perHour?.[i]) ?? 0 : null));
  const past = values.slice(0, hour + 1);
  const total = past.reduce((sum, value) => sum + value, 0);
  const busiest = past.indexOf(Math.max(...past));
  return {
    labels: HOURS,
    values,
    unfinished: hour,
    note: "per hour, today; the current hour is dashed",
    sentence:
      `${plural(total, "receipt")} today by hour; most from ${between(busiest)} with ${count(past[busiest])}; ` +
      `${count(past[hour])} so far in the current hour, ${between(hour)}.`,
    table: { columns: ["Hour", "Receipts"], rows: past.map((value, i) => [between(i), count(value)]).reverse() },
    empty:
      total > 0 ? null : { title: "No sales yet today", text: "The line starts with the first receipt of the day." },
  };
}

/** Tax of today by band, of one currency. `currency` null means the one with most sales. */
export function taxView(metrics, currency) {
  const byCurrency = metrics?.taxBreakdownByCurrency ?? {};
  const main = metrics?.taxBreakdownCurrency ?? Object.keys(byCurrency)[0] ?? null;
  const known = Object.keys(byCurrency);
  const others = largestFirst(metrics?.sales).filter((code) => known.includes(code));
  const currencies = [...new Set([main, ...others, ...known])].filter((code) => code !== null);
  const chosen = currency !== null && currencies.includes(currency) ? currency : main;
  const source = byCurrency[chosen] ?? (chosen === main ? metrics?.taxBreakdown : null) ?? [];
  const bands = source
    .map(({ band, amount: value }) => ({ band: String(band), value: numberOf(value) ?? 0 }))
    .sort((a, b) => b.value - a.value);
  const total = bands.reduce((sum, { value }) => sum + value, 0);
  const positive = bands.reduce((sum, { value }) => sum + Math.max(0, value), 0);
  const shares = bands.map(({ value }) => (positive > 0 ? percent((Math.max(0, value) / positive) * 100) : percent(0)));
  return {
    currency: chosen,
    currencies,
    total: amount(total),
    bands: bands.map((entry, i) => ({ ...entry, amount: amount(entry.value), share: shares[i] })),
    note: chosen ? `tax of today in ${chosen}` : "tax of today",
    sentence: `Tax of today by band: ${bands.map(({ band, value }) => `${band} ${money(chosen, value)}`).join(", ")}; together ${money(chosen, total)}.`,
    table: {
      columns: ["Band", chosen ? `Tax, ${chosen}` : "Tax", "Share"],
      rows: bands.map(({ band, value }, i) => [band, amount(value), shares[i]]),
    },
    empty: positive > 0 ? null : { title: "No tax yet today", text: "The bands appear with the first taxed receipt." },
  };
}

function hourlySales(metrics, currencies, currency) {
  const chosen = currency !== null && currencies.includes(currency) ? currency : currencies[0];
  const hour = shopHour(metrics.asOf) ?? HOURS.length - 1;
  const values = HOURS.map((_, i) => (i <= hour ? numberOf(metrics.salesPerHour[chosen]?.[i]) ?? 0 : null));
  const past = values.slice(0, hour + 1);
  const busiest = past.indexOf(Math.max(...past));
  const total = past.reduce((sum, value) => sum + value, 0);
  return {
    currency: chosen,
    currencies,
    labels: HOURS,
    values,
    unfinished: hour,
    unit: chosen,
    note: `${chosen} per hour, today, with tax`,
    sentence: `Sales of today by hour in ${chosen}: ${money(chosen, total)} in all, most from ${between(busiest)} with ${money(chosen, past[busiest])}.`,
    table: {
      columns: ["Hour", `Sales, ${chosen}`],
      rows: past.map((value, i) => [between(i), amount(value)]).reverse(),
    },
    empty: past.some((value) => value !== 0)
      ? null
      : { title: "No sales yet today", text: "The bars start with the first receipt of the day." },
  };
}

export const BY_CURRENCY = "*";

function salesByCurrency(metrics, currencies) {
  const totals = currencies.map((code) => ({ code, value: numberOf(metrics.sales[code]) ?? 0 }));
  return {
    currency: BY_CURRENCY,
    currencies,
    labels: totals.map(({ code }) => code),
    values: totals.map(({ value }) => value),
    unfinished: null,
    unit: BY_CURRENCY,
    note: "by currency, today, with tax; each bar in its own currency",
    sentence: `Sales of today by currency: ${totals.map(({ code, value }) => money(code, value)).join(", ")}.`,
    table: { columns: ["Currency", "Sales"], rows: totals.map(({ code, value }) => [code, amount(value)]) },
    empty: null,
  };
}

/** Sales by currency, or by hour in one currency, where the till gives them; otherwise how many receipts each of the last seven days had. */
export function salesView(metrics, currency) {
  const hourly = Object.keys(metrics?.salesPerHour ?? {});
  if (hourly.length > 0) {
    const order = largestFirst(metrics.sales).filter((code) => hourly.includes(code));
    const currencies = [...new Set([...order, ...hourly])];
    if (currency === BY_CURRENCY && order.length > 1) return salesByCurrency(metrics, order);
    return hourlySales(metrics, currencies, currency);
  }
  const days = (Array.isArray(metrics?.successRate7d) ? metrics.successRate7d : []).slice(-7);
  const values = days.map((day) => numberOf(day.receipts) ?? 0);
  const total = values.reduce((sum, value) => sum + value, 0);
  const labels = days.map((day, i) => (i === days.length - 1 ? "Today" : calendarDay(day.date)));
  const best = values.indexOf(Math.max(...values));
  return {
    currency: null,
    currencies: [],
    labels,
    values,
    unfinished: days.length - 1,
    unit: null,
    note: "receipts a day, last 7 days",
    sentence: `${plural(total, "receipt")} in the last 7 days; most on ${labels[best]} with ${count(values[best])}; ${count(values.at(-1))} today so far.`,
    table: { columns: ["Day", "Receipts"], rows: days.map((_, i) => [labels[i], count(values[i])]).reverse() },
    empty: total > 0 ? null : { title: "No sales yet", text: "Each day with receipts becomes a bar." },
  };
}
