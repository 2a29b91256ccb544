// Sales as bars from zero: by hour, the unfinished hour lighter with a rim, or lying, one bar a currency with its amount.
import { memo, useMemo } from "react";
import { Bar } from "react-chartjs-2";

import { amount, money, plural } from "../format.js";
import { BY_CURRENCY } from "../state/chartViews.js";
import { axisOptions, faint, tooltipOptions, useChartColours } from "./chartColours.js";
import "./registry.js";

const SERIES = 6;

function lyingOptions(colours, labels, values) {
  const common = axisOptions(colours, { whole: false, maxTicks: 6, tooltip: {} });
  const { x, y } = common.scales;
  const name = { ...x.ticks, color: colours.text, autoSkip: false };
  return {
    ...common,
    indexAxis: "y",
    interaction: { mode: "nearest", axis: "y", intersect: false },
    scales: {
      x: { ...y, grid: y.grid },
      y: { ...x, ticks: { ...name, callback: (_, i) => [labels[i], amount(values[i])] } },
    },
    plugins: {
      tooltip: tooltipOptions(colours, { title: ([bar]) => labels[bar.dataIndex], label: (bar) => money(labels[bar.dataIndex], bar.parsed.x) }),
    },
  };
}

export const SalesVolumeChart = memo(function SalesVolumeChart({ view }) {
  const colours = useChartColours();
  const { labels, values, unfinished, unit } = view;
  const lying = unit === BY_CURRENCY;

  const data = useMemo(() => {
    const green = colours.series[1];
    // By name and not by rank: a currency keeps its colour when another one overtakes it.
    const rank = labels.toSorted();
    const bars = lying
      ? { backgroundColor: labels.map((code) => colours.series[(rank.indexOf(code) + 1) % SERIES]), maxBarThickness: 56, minBarLength: 3 }
      : {
          backgroundColor: values.map((_, i) => (i === unfinished ? faint(green, 0.35) : green)),
          borderColor: green,
          borderWidth: values.map((_, i) => (i === unfinished ? 1.5 : 0)),
          maxBarThickness: 44,
        };
    return { labels, datasets: [{ data: values, borderRadius: 4, categoryPercentage: 0.8, barPercentage: 0.9, ...bars }] };
  }, [colours, labels, values, unfinished, lying]);

  const options = useMemo(() => {
    if (lying) return lyingOptions(colours, labels, values);
    return axisOptions(colours, {
      whole: unit === null,
      maxTicks: 12,
      tooltip: {
        title: ([point]) =>
          `${unit === null ? point.label : `${point.label}:00–${point.label}:59`}${point.dataIndex === unfinished ? ", so far" : ""}`,
        label: (point) => (unit === null ? plural(point.parsed.y, "receipt") : money(unit, point.parsed.y)),
      },
    });
  }, [colours, labels, values, unfinished, unit, lying]);

  return (
    <div className="chart">
      <Bar key={lying ? "lying" : "standing"} data={data} options={options} role="img" aria-label={view.sentence} />
    </div>
  );
});
