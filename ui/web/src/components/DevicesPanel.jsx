// The heatmap of devices: one cell each, coloured by health and worded, with its day, its queue and a thin progress bar.
import { memo } from "react";

import { useDashboard } from "../context/DashboardContext.jsx";
import { devicesPath } from "../services/reads.js";
import { dayOf, devicesSentence, healthOf, printersOf, queueOf } from "../state/devices.js";
import { hashOf } from "../state/route.js";
import { EmptyState } from "./EmptyState.jsx";
import { StateChip } from "./StateChip.jsx";
import { useResource } from "./useResource.js";

const CALM_MS = 15_000;
const DENSE = 24;
const LANE_WORDS = Object.freeze({ completed: "accepted", failed: "refused", waiting: "waits for FDMS" });

function Lane({ deviceID }) {
  const lane = useDashboard((state) => state.lanes[deviceID] ?? null);
  const words = lane === null ? "No receipt under way" : `Receipt ${lane.receiptGlobalNo ?? "new"}: ${LANE_WORDS[lane.outcome] ?? `${lane.percent} %`}`;
  return (
    <span
      className="track track--thin" role="progressbar" aria-valuemin={0} aria-valuemax={100}
      aria-valuenow={lane?.percent ?? 0} aria-valuetext={words} aria-label={`Receipt under way on device ${deviceID}`} title={words}
    >
      <span
        key={lane?.receiptId ?? "none"}
        className={`track__fill track__fill--${lane?.outcome ?? "moving"}`} style={{ "--percent": `${lane?.percent ?? 0}%` }}
      />
    </span>
  );
}

const Cell = memo(function Cell({ device }) {
  const { level, word } = healthOf(device);
  const printer = printersOf(device).find((one) => one.level !== "ok" && one.level !== "plain");
  return (
    <li className={`cell cell--${level}`}>
      <div className="cell__head">
        <a className="cell__link numeral" href={hashOf("devices", device.deviceID)} aria-label={`Device ${device.deviceID}, ${word}`}>
          {device.deviceID}
        </a>
        <StateChip level={level}>{word}</StateChip>
      </div>
      <p className="cell__facts numeral">
        <span>{dayOf(device)}</span>
        <span>{queueOf(device)}</span>
      </p>
      {printer && <p className="cell__printer">{printer.name}: {printer.words}</p>}
      <Lane deviceID={device.deviceID} />
    </li>
  );
});

export function DevicesPanel() {
  const urgent = useDashboard((state) => `${state.deviceNews} ${state.link.phase === "live"} ${state.metrics?.totalDevices}`);
  const loose = useDashboard((state) => `${state.seq} ${state.metrics?.queueDepth}`);
  const { data, error } = useResource(devicesPath, { urgent, loose, patience: CALM_MS });
  const devices = data?.items ?? null;
  return (
    <section className="card panel devices" aria-labelledby="devices-title">
      <div className="panel__head">
        <div>
          <h2 id="devices-title" className="panel__title">Device health</h2>
          <p className="panel__note">{devices ? devicesSentence(devices) : "Asking the till…"}</p>
        </div>
      </div>
      {devices === null ? (
        <EmptyState icon={error ? "attention" : "waiting"} title={error ? "The devices could not be read" : "Waiting for the till"} />
      ) : (
        <ul className={`cells${devices.length > DENSE ? " cells--dense" : ""}`}>
          {devices.map((device) => <Cell key={device.deviceID} device={device} />)}
        </ul>
      )}
    </section>
  );
}
