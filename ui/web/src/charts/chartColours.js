// The colours and type a chart draws with, read from the CSS variables of the theme that is on.
import { useMemo, useSyncExternalStore } from "react";

import { useTheme } from "../context/ThemeContext.jsx";

const SERIES = [1, 2, 3, 4, 5, 6];

const rootType = () => parseFloat(getComputedStyle(document.documentElement).fontSize);

function onResize(told) {
  window.addEventListener("resize", told);
  return () => window.removeEventListener("resize", told);
}

/** `scheme` says which variables are on, `type` how large the root's type is: a change of either reads them again. */
function read(scheme, type) {
  const style = getComputedStyle(document.documentElement);
  const value = (name) => style.getPropertyValue(name).trim();
  return {
    scheme,
    text: value("--text"),
    muted: value("--muted"),
    line: value("--line"),
    surface: value("--surface"),
    series: SERIES.map((n) => value(`--series-${n}`)),
    family: value("--font"),
    small: parseFloat(value("--size-small")) * type,
  };
}

export function useChartColours() {
  const { scheme } = useTheme();
  const type = useSyncExternalStore(onResize, rootType);
  return useMemo(() => read(scheme, type), [scheme, type]);
}

/** A series colour, see-through: for areas and unfinished bars. */
export function faint(colour, share) {
  return `${colour}${Math.round(share * 255).toString(16).padStart(2, "0")}`;
}

/** Options common to the charts with axes: faint horizontals only, muted labels, no animation on live numbers. */
export function axisOptions(colours, { tooltip, whole, maxTicks }) {
  const font = { family: colours.family, size: colours.small };
  const ticks = { color: colours.muted, font };
  return {
    responsive: true,
    maintainAspectRatio: false,
    animation: false,
    interaction: { mode: "index", intersect: false },
    layout: { padding: { top: 6 } },
    scales: {
      x: {
        grid: { display: false },
        border: { color: colours.line },
        ticks: { ...ticks, maxRotation: 0, autoSkip: true, maxTicksLimit: maxTicks },
      },
      y: {
        beginAtZero: true,
        grid: { color: colours.line, drawTicks: false },
        border: { display: false },
        ticks: { ...ticks, padding: 8, maxTicksLimit: 5, ...(whole ? { precision: 0 } : {}) },
      },
    },
    plugins: { tooltip: tooltipOptions(colours, tooltip) },
  };
}

export function tooltipOptions(colours, callbacks) {
  const font = { family: colours.family, size: colours.small };
  return {
    backgroundColor: colours.text,
    titleColor: colours.surface,
    bodyColor: colours.surface,
    titleFont: font,
    bodyFont: font,
    displayColors: false,
    padding: 10,
    cornerRadius: 8,
    callbacks,
  };
}
