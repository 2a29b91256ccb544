// The way of one receipt through its six stages. The fill moves to each reported stage and never ahead of it.
import { memo } from "react";

import { useDashboard } from "../context/DashboardContext.jsx";
import { UNKNOWN, milliseconds, numberOf } from "../format.js";
import { STAGES, shownFlight, stageLabel } from "../state/progress.js";
import { StateChip } from "./StateChip.jsx";
import { useNow } from "./useNow.js";

const CHIPS = Object.freeze({
  completed: { level: "ok", icon: "check" },
  failed: { level: "failed", icon: "failed" },
  waiting: { level: "attention", icon: "waiting" },
});
const TICKING = 250;

/** As reported; while the gateway takes its time, counted on from the last report. Offline nobody knows: it stands. */
function Elapsed({ flight }) {
  const live = useDashboard((state) => state.link.phase === "live");
  const running = flight.outcome === null && live;
  const now = useNow(TICKING, running);
  const reported = numberOf(flight.elapsedMs);
  if (reported === null) return UNKNOWN;
  const since = running && now - flight.heardAt > TICKING ? now - flight.heardAt : 0;
  return milliseconds(reported + since);
}

function nameOf(flight) {
  if (numberOf(flight.receiptGlobalNo) !== null) return `Receipt ${flight.receiptGlobalNo}`;
  return flight.invoiceNo ? `Sale ${flight.invoiceNo}` : "New sale";
}

const Stages = memo(function Stages({ percent, outcome }) {
  return (
    <ol className="stages" aria-hidden="true">
      {STAGES.map((stage) => {
        const reached = percent !== null && stage.percent <= percent;
        const at = percent !== null && stage.percent === percent;
        const mark = at ? (outcome === "completed" ? " stage--done" : " stage--here") : "";
        return (
          <li key={stage.percent} className={`stage${reached ? " stage--reached" : ""}${mark}`}>
            {stage.label}
          </li>
        );
      })}
    </ol>
  );
});

function Fill({ percent, outcome }) {
  return <span className={`track__fill track__fill--${outcome ?? "moving"}`} style={{ "--percent": `${percent}%` }} />;
}

export function ProgressBar() {
  const flight = useDashboard((state) => shownFlight(state.progress));
  const label = flight ? stageLabel(flight) : "No receipt under way";
  const chip = flight?.outcome ? CHIPS[flight.outcome] : { level: "plain", icon: "live" };
  return (
    <section className="card progress" aria-labelledby="progress-title">
      <h2 id="progress-title" className="only-read">Receipt under way</h2>
      <div className="progress__head">
        <span className="progress__receipt numeral">{flight ? nameOf(flight) : "No receipt under way"}</span>
        {flight?.deviceID && <span className="progress__device numeral">device {flight.deviceID}</span>}
        {flight && <StateChip level={chip.level} icon={chip.icon}>{label}</StateChip>}
        {flight?.reason && <span className="progress__reason">{flight.reason}</span>}
        <span className="progress__elapsed numeral">{flight ? <Elapsed flight={flight} /> : UNKNOWN}</span>
      </div>
      <div
        className="track"
        role="progressbar"
        aria-labelledby="progress-title"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={flight?.percent ?? 0}
        aria-valuetext={flight ? `${nameOf(flight)}: ${label}` : label}
      >
        <Fill key={flight?.receiptId ?? "none"} percent={flight?.percent ?? 0} outcome={flight?.outcome ?? null} />
      </div>
      <Stages percent={flight?.percent ?? null} outcome={flight?.outcome ?? null} />
    </section>
  );
}
