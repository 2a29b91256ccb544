// Tax of today by band as a doughnut: the total in its middle, the bands beside it and not in the slices.
import { memo, useMemo } from "react";
import { Doughnut } from "react-chartjs-2";

import { money } from "../format.js";
import { tooltipOptions, useChartColours } from "./chartColours.js";
import "./registry.js";

const SERIES = 6;

export const TaxBreakdownChart = memo(function TaxBreakdownChart({ view }) {
  const colours = useChartColours();
  const { bands, currency } = view;

  const data = useMemo(
    () => ({
      labels: bands.map(({ band }) => band),
      datasets: [
        {
          // A band that credit notes turned negative has no slice; its amount stands in the list.
          data: bands.map(({ value }) => Math.max(0, value)),
          backgroundColor: bands.map((_, i) => colours.series[i % SERIES]),
          borderColor: colours.surface,
          borderWidth: 2,
          hoverOffset: 0,
        },
      ],
    }),
    [bands, colours],
  );

  const options = useMemo(
    () => ({
      responsive: true,
      maintainAspectRatio: false,
      animation: false,
      cutout: "72%",
      plugins: { tooltip: tooltipOptions(colours, { label: (slice) => money(currency, slice.parsed) }) },
    }),
    [colours, currency],
  );

  return (
    <div className="tax">
      <div className="tax__ring">
        <Doughnut data={data} options={options} role="img" aria-label={view.sentence} />
        <span className="tax__total" aria-hidden="true">
          <span className="tax__currency">{currency}</span>
          <span className="numeral">{view.total}</span>
        </span>
      </div>
      <ul className="tax__bands">
        {bands.map(({ band, amount, share }, i) => (
          <li key={band} className="tax__band">
            <span className={`swatch swatch--${(i % SERIES) + 1}`} aria-hidden="true" />
            <span className="tax__name">{band}</span>
            <span className="tax__amount numeral">{amount}</span>
            <span className="tax__share numeral">{share}</span>
          </li>
        ))}
      </ul>
    </div>
  );
});
