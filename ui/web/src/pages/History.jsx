// A day gone by: its figures, its charts, each device's part.
import { lazy, useMemo, useState } from "react";

import { ChartPanel } from "../components/ChartPanel.jsx";
import { EmptyState } from "../components/EmptyState.jsx";
import { Heading } from "../components/Heading.jsx";
import { KPICard } from "../components/KPICard.jsx";
import { CurrencyChoice } from "../components/CurrencyChoice.jsx";
import { useResource } from "../components/useResource.js";
import { useDashboard } from "../context/DashboardContext.jsx";
import { dayPath } from "../services/reads.js";
import { salesView, taxView, trendView } from "../state/chartViews.js";
import { dayCards, deviceRows, endOf } from "../state/history.js";
import { hashOf } from "../state/route.js";
import "../styles/panels.css";
import "../styles/history.css";

const charts = () => import("../charts/index.js");
const ReceiptsTrendChart = lazy(() => charts().then((chunk) => ({ default: chunk.ReceiptsTrendChart })));
const TaxBreakdownChart = lazy(() => charts().then((chunk) => ({ default: chunk.TaxBreakdownChart })));
const SalesVolumeChart = lazy(() => charts().then((chunk) => ({ default: chunk.SalesVolumeChart })));

function Charts({ day }) {
  const [taxCurrency, setTaxCurrency] = useState(null);
  const [salesCurrency, setSalesCurrency] = useState(null);
  const past = day.day !== day.today;
  const views = useMemo(() => {
    const asOf = endOf(day);
    const trend = trendView(day.receiptsPerHour, asOf);
    const sales = salesView({ ...day, asOf }, salesCurrency);
    const note = (text) => text.replace(/, today.*$/, "").replace("of today", "of the day");
    const told = (view) => ({
      ...view,
      unfinished: past ? null : view.unfinished,
      note: past ? note(view.note) : view.note,
      sentence: past ? view.sentence.replace(/ today/g, " on this day").replace(/; [^;]* so far in the current hour[^.]*/, "") : view.sentence,
      empty: view.empty && past ? { title: "Nothing on this day", text: "No receipt of this day counts here." } : view.empty,
    });
    return { trend: told(trend), tax: told(taxView(day, taxCurrency)), sales: told(sales) };
  }, [day, past, taxCurrency, salesCurrency]);
  return (
    <div className="charts">
      <ChartPanel title="Receipts Trend" className="area-trend" view={views.trend} loading={false}>
        <ReceiptsTrendChart view={views.trend} />
      </ChartPanel>
      <ChartPanel
        title="Tax Breakdown" className="area-tax" view={views.tax} loading={false}
        tools={<CurrencyChoice label="Currency of the tax" view={views.tax} onChoose={setTaxCurrency} />}
      >
        <TaxBreakdownChart view={views.tax} />
      </ChartPanel>
      <ChartPanel
        title="Sales Volume" className="area-sales" view={views.sales} loading={false}
        tools={<CurrencyChoice label="Currency of the sales" view={views.sales} onChoose={setSalesCurrency} />}
      >
        <SalesVolumeChart view={views.sales} />
      </ChartPanel>
      <ByDevice day={day} />
    </div>
  );
}

function ByDevice({ day }) {
  const rows = deviceRows(day);
  return (
    <section className="card panel by-device" aria-labelledby="by-device-title">
      <h2 id="by-device-title" className="panel__title">By device</h2>
      {rows.length === 0 ? <EmptyState icon="device" title="No device" /> : (
        <div className="by-device__scroll">
          <table className="lines">
            <thead>
              <tr><th scope="col">Device</th><th scope="col">Receipts</th><th scope="col">Failed</th><th scope="col">Success</th><th scope="col">Sales</th></tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.deviceID}>
                  <th scope="row" className="numeral"><a href={hashOf("devices", row.deviceID)}>{row.deviceID}</a></th>
                  <td className="numeral">{row.receipts.split(" ")[0]}</td>
                  <td className="numeral">{row.failed}</td>
                  <td className="numeral">{row.rate}</td>
                  <td className="numeral">{row.sales.length === 0 ? "—" : row.sales.map(({ currency, amount }) => <span key={currency} className="by-device__sum">{currency} {amount}</span>)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

export function History({ day }) {
  // The present day goes on: it is read again after what happens.
  const today = useDashboard((state) => state.metrics?.asOf?.slice(0, day.length) === day);
  const live = useDashboard((state) => state.link.phase === "live");
  const news = useDashboard((state) => (today ? state.seq : null));
  const { data, error } = useResource(dayPath(day), { urgent: live, loose: news });
  return (
    <>
      <Heading day={day} first={data?.firstDay ?? null} />
      {data === null ? (
        <section className="card">
          <EmptyState icon={error ? "attention" : "waiting"} title={error ? "This day could not be read" : "Asking the till…"}>
            {error?.message}
          </EmptyState>
        </section>
      ) : (
        <>
          <div className="kpis kpis--day">{dayCards(data).map((card) => <KPICard key={card.id} card={card} />)}</div>
          <Charts day={data} />
        </>
      )}
    </>
  );
}
