// Receipts per hour of today as a line; the current hour is drawn as unfinished.
import { memo, useMemo } from "react";
import { Line } from "react-chartjs-2";

import { plural } from "../format.js";
import { axisOptions, faint, useChartColours } from "./chartColours.js";
import "./registry.js";

export const ReceiptsTrendChart = memo(function ReceiptsTrendChart({ view }) {
  const colours = useChartColours();
  const { labels, values, unfinished } = view;

  const data = useMemo(() => {
    const [blue] = colours.series;
    return {
      labels,
      datasets: [
        {
          data: values,
          borderColor: blue,
          borderWidth: 2,
          backgroundColor: faint(blue, 0.12),
          fill: "origin",
          // The rim of a point at the very top is not cut off.
          clip: 8,
          cubicInterpolationMode: "monotone",
          pointRadius: (point) => (point.dataIndex === unfinished ? 4 : 0),
          pointHoverRadius: 5,
          pointBackgroundColor: colours.surface,
          pointBorderColor: blue,
          pointBorderWidth: 2,
          segment: { borderDash: (part) => (part.p1DataIndex === unfinished ? [5, 4] : undefined) },
        },
      ],
    };
  }, [colours, labels, values, unfinished]);

  const options = useMemo(
    () =>
      axisOptions(colours, {
        whole: true,
        maxTicks: 13,
        tooltip: {
          title: ([point]) => `${point.label}:00–${point.label}:59${point.dataIndex === unfinished ? ", so far" : ""}`,
          label: (point) => plural(point.parsed.y, "receipt"),
        },
      }),
    [colours, unfinished],
  );

  return (
    <div className="chart">
      <Line data={data} options={options} role="img" aria-label={view.sentence} />
    </div>
  );
});
