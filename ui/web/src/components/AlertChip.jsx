// The word in the top bar while something is wrong; opens the alerts window.
import { useDashboard } from "../context/DashboardContext.jsx";
import { alertsPath } from "../services/reads.js";
import { alertWord } from "../state/alerts.js";
import { hashOf } from "../state/route.js";
import { StateChip } from "./StateChip.jsx";
import { useResource } from "./useResource.js";

export function AlertChip() {
  const urgent = useDashboard((state) => `${state.deviceNews} ${state.link.phase === "live"}`);
  const { data } = useResource(alertsPath, { urgent });
  const said = alertWord(data?.items);
  return (
    <span role="status">
      {said !== null && (
        <a className="alert-link" href={hashOf("alerts", "open")} title={said.title}>
          <StateChip level={said.level} icon="attention">{said.word}</StateChip>
        </a>
      )}
    </span>
  );
}
