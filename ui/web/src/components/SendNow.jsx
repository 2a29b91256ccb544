// Why a device's receipts wait, and the button that tries them now instead of at the next try.
import { useState } from "react";

import { useDashboard } from "../context/DashboardContext.jsx";
import { post } from "../services/api.js";
import { plural } from "../format.js";
import { retryPath } from "../services/reads.js";
import { mayAct } from "../state/alerts.js";
import { lineOf } from "../state/devices.js";

/** `device` in full, with something that waits. */
export function SendNow({ device }) {
  const user = useDashboard((state) => state.session.user);
  const [told, setTold] = useState(null);
  const [busy, setBusy] = useState(false);
  const send = async () => {
    setBusy(true);
    try {
      const { receipts } = await post(retryPath(device.deviceID), {}, user?.csrfToken);
      setTold(receipts > 0 ? `Trying ${plural(receipts, "receipt")} now.` : "There is nothing to send.");
    } catch (failure) {
      setTold(failure.message || "The till could not take it.");
    }
    setBusy(false);
  };
  const { word, reason, sendable } = lineOf(device);
  return (
    <div className="send-now">
      <p className="part__text">{word}{reason && <> <strong>{reason}</strong></>}</p>
      {sendable && mayAct(user?.role) && <button type="button" className="button" disabled={busy} onClick={send}>Send now</button>}
      <p className="part__text" role="status">{told}</p>
    </div>
  );
}
