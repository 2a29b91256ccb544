// A link to the day's receipts as a spreadsheet, for those who may have it.
import { useDashboard } from "../context/DashboardContext.jsx";
import { exportPath } from "../services/reads.js";
import { Icon } from "./Icon.jsx";

const MAY = ["manager", "support", "owner"];

export function Export({ day }) {
  const role = useDashboard((state) => state.session.user?.role);
  if (!MAY.includes(role) || !day) return null;
  return (
    <a className="button button--small" href={exportPath(day)} download={`receipts-${day}.csv`}>
      <Icon name="download" size={16} /> CSV<span className="only-read"> of the receipts of {day}</span>
    </a>
  );
}
