// The three chart panels with their data. Each reads only its part of the snapshot and re-renders for that alone.
import { lazy, useMemo, useState } from "react";

import { useDashboard } from "../context/DashboardContext.jsx";
import { salesLines } from "../state/kpis.js";
import { BY_CURRENCY, salesView, taxView, trendView } from "../state/chartViews.js";
import { ChartPanel } from "./ChartPanel.jsx";
import { CurrencyChoice } from "./CurrencyChoice.jsx";

const charts = () => import("../charts/index.js");
const ReceiptsTrendChart = lazy(() => charts().then((chunk) => ({ default: chunk.ReceiptsTrendChart })));
const TaxBreakdownChart = lazy(() => charts().then((chunk) => ({ default: chunk.TaxBreakdownChart })));
const SalesVolumeChart = lazy(() => charts().then((chunk) => ({ default: chunk.SalesVolumeChart })));

const HOUR_LENGTH = 13;
const ALL = Object.freeze({ value: BY_CURRENCY, label: "By currency" });
const useMetric = (name) => useDashboard((state) => state.metrics?.[name] ?? null);
const useLoading = () => useDashboard((state) => state.metrics === null);
/** "2026-11-22T14": changes once an hour, so that the charts do not redraw for each new `asOf`. */
const useShopHour = () =>
  useDashboard((state) => {
    const asOf = state.metrics?.asOf;
    if (typeof asOf !== "string") return null;
    return `${asOf.slice(0, HOUR_LENGTH)}:00:00${asOf.match(/(Z|[+-]\d\d:?\d\d)$/)?.[0] ?? ""}`;
  });

export function TrendPanel() {
  const perHour = useMetric("receiptsPerHour");
  const hour = useShopHour();
  const view = useMemo(() => trendView(perHour, hour), [perHour, hour]);
  return (
    <ChartPanel title="Receipts Trend" className="area-trend" view={view} loading={useLoading()}>
      <ReceiptsTrendChart view={view} />
    </ChartPanel>
  );
}

export function TaxPanel() {
  const [currency, setCurrency] = useState(null);
  const taxBreakdown = useMetric("taxBreakdown");
  const taxBreakdownCurrency = useMetric("taxBreakdownCurrency");
  const taxBreakdownByCurrency = useMetric("taxBreakdownByCurrency");
  const view = useMemo(
    () => taxView({ taxBreakdown, taxBreakdownCurrency, taxBreakdownByCurrency }, currency),
    [taxBreakdown, taxBreakdownCurrency, taxBreakdownByCurrency, currency],
  );
  const tools = useMemo(
    () => <CurrencyChoice label="Currency of the tax" view={view} onChoose={setCurrency} />,
    [view],
  );
  return (
    <ChartPanel title="Tax Breakdown" className="area-tax" view={view} loading={useLoading()} tools={tools}>
      <TaxBreakdownChart view={view} />
    </ChartPanel>
  );
}

function Totals({ sales }) {
  const lines = salesLines(sales);
  if (lines.length === 0) return null;
  return (
    <ul className="totals" aria-label="Sales of today by currency">
      {lines.map(({ currency, amount }) => (
        <li key={currency}>
          <span className="totals__currency">{currency}</span> <span className="numeral">{amount}</span>
        </li>
      ))}
    </ul>
  );
}

export function SalesPanel() {
  const [currency, setCurrency] = useState(BY_CURRENCY);
  const salesPerHour = useMetric("salesPerHour");
  const successRate7d = useMetric("successRate7d");
  const sales = useMetric("sales");
  const hour = useShopHour();
  const view = useMemo(
    () => salesView({ salesPerHour, successRate7d, sales, asOf: hour }, currency),
    [salesPerHour, successRate7d, sales, hour, currency],
  );
  const tools = useMemo(() => <CurrencyChoice label="Sales shown" view={view} all={ALL} onChoose={setCurrency} />, [view]);
  const lead = useMemo(() => <Totals sales={sales} />, [sales]);
  return (
    <ChartPanel title="Sales Volume" className="area-sales" view={view} loading={useLoading()} tools={tools} lead={lead}>
      <SalesVolumeChart view={view} />
    </ChartPanel>
  );
}
