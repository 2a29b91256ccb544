// Which day the page shows, in shop time.
import { Suspense } from "react";

import { useDashboard } from "../context/DashboardContext.jsx";
import { UNKNOWN, shopLongDay } from "../format.js";
import { HeadingTools } from "./afterPaint.js";

const DAY_LENGTH = 10;

/** `day` null is today, as the till says. `first`: the first day that has receipts, where known. */
export function Heading({ day = null, first = null }) {
  const today = useDashboard((state) => state.metrics?.asOf?.slice(0, DAY_LENGTH) ?? null);
  const shown = day ?? today;
  const date = shopLongDay(shown === null ? null : `${shown}T12:00:00Z`);
  return (
    <div className="heading">
      <h1 className="heading__title">{day === null || day === today ? "Today" : "History"}</h1>
      <p className="heading__date">{date === UNKNOWN ? "waiting for the till" : date}</p>
      <p className="heading__zone">Shop time, Harare (UTC+2)</p>
      <div className="heading__tools">
        <Suspense fallback={null}><HeadingTools day={day} first={first} /></Suspense>
      </div>
    </div>
  );
}
