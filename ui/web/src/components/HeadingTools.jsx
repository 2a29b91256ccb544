// The way to another day, and the shown day's receipts as a spreadsheet.
import { useDashboard } from "../context/DashboardContext.jsx";
import { go, hashOf } from "../state/route.js";
import { Export } from "./Export.jsx";
import { Icon } from "./Icon.jsx";

const DAY_LENGTH = 10;
const moved = (day, days) => new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, DAY_LENGTH);

/** As Heading's. */
export function HeadingTools({ day, first }) {
  const today = useDashboard((state) => state.metrics?.asOf?.slice(0, DAY_LENGTH) ?? null);
  const shown = day ?? today;
  const show = (wanted) => {
    if (/^\d{4}-\d\d-\d\d$/.test(wanted) && wanted <= (today ?? wanted)) go(wanted === today ? "" : hashOf("days", wanted));
  };
  return (
    <>
      {day !== null && <button type="button" className="button button--small" onClick={() => go("")}>Today</button>}
      <button
        type="button" className="button button--quiet button--icon" aria-label="The day before" title="The day before"
        disabled={shown === null || (first !== null && shown <= first)} onClick={() => show(moved(shown, -1))}
      >
        <Icon name="left" size={18} />
      </button>
      <label className="picker">
        <span className="only-read">Day</span>
        <input type="date" value={shown ?? ""} max={today ?? undefined} min={first ?? undefined} disabled={shown === null} onChange={(event) => show(event.target.value)} />
      </label>
      <button
        type="button" className="button button--quiet button--icon" aria-label="The day after" title="The day after"
        disabled={shown === null || shown >= (today ?? shown)} onClick={() => show(moved(shown, 1))}
      >
        <Icon name="right" size={18} />
      </button>
      <Export day={shown} />
    </>
  );
}
