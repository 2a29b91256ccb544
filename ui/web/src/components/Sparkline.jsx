// A number's short history as a thin line along the foot of its card. Decoration: the numbers stand in the charts.
import { memo } from "react";

const WIDTH = 100;
const HEIGHT = 24;

function line(points) {
  const low = Math.min(...points);
  const high = Math.max(...points);
  const reach = high - low || 1;
  const step = WIDTH / (points.length - 1);
  return points
    .map((point, i) => `${(i * step).toFixed(1)} ${(HEIGHT - 2 - ((point - low) / reach) * (HEIGHT - 4)).toFixed(1)}`)
    .join(" L");
}

export const Sparkline = memo(function Sparkline({ points }) {
  if (!points || points.length < 2) return <span className="sparkline" aria-hidden="true" />;
  return (
    <svg className="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path d={`M${line(points)}`} vectorEffect="non-scaling-stroke" />
    </svg>
  );
});
