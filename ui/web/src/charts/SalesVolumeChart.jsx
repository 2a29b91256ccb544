// Sales as bars from zero; the last, unfinished bar is lighter with a dashed rim in the table's words "so far".
import { memo, useMemo } from "react";
import { Bar } from "react-chartjs-2";

import { money, plural } from "../format.js";
import { axisOptions, faint, useChartColours } from "./chartColours.js";
import "./registry.js";

export const SalesVolumeChart = memo(function SalesVolumeChart({ view }) {
  const colours = useChartColours();
  const { labels, values, unfinished, unit } = view;

  const data = useMemo(() => {
    const green = colours.series[1];
    return {
      labels,
      datasets: [
        {
          data: values,
          backgroundColor: values.map((_, i) => (i === unfinished ? faint(green, 0.35) : green)),
          borderColor: green,
          borderWidth: values.map((_, i) => (i === unfinished ? 1.5 : 0)),
          borderRadius: 4,
          maxBarThickness: 44,
          categoryPercentage: 0.8,
          barPercentage: 0.9,
        },
      ],
    };
  }, [colours, labels, values, unfinished]);

  const options = useMemo(
    () =>
      axisOptions(colours, {
        whole: unit === null,
        maxTicks: 12,
        tooltip: {
          title: ([point]) =>
            `${unit === null ? point.label : `${point.label}:00–${point.label}:59`}${point.dataIndex === unfinished ? ", so far" : ""}`,
          label: (point) => (unit === null ? plural(point.parsed.y, "receipt") : money(unit, point.parsed.y)),
        },
      }),
    [colours, unfinished, unit],
  );

  return (
    <div className="chart">
      <Bar data={data} options={options} role="img" aria-label={view.sentence} />
    </div>
  );
});
