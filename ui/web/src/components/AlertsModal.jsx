// What is wrong now, since when, and who looks after it. Those who may, say here that they do.
import { useState } from "react";

import { useDashboard } from "../context/DashboardContext.jsx";
import { shopDay, shopMinute } from "../format.js";
import { acknowledge, alertsPath } from "../services/reads.js";
import { levelOf, mayAct, notOver } from "../state/alerts.js";
import { hashOf } from "../state/route.js";
import { Dialog, Missing } from "./Dialog.jsx";
import { StateChip } from "./StateChip.jsx";
import { useResource } from "./useResource.js";

const WORDS = Object.freeze({ failed: "Grave", attention: "Look", plain: "Looked after" });

function Row({ alert, onAck }) {
  const level = levelOf(alert);
  return (
    <li className="alert">
      <div className="alert__head">
        <h3 className="alert__title">{alert.title}</h3>
        <StateChip level={level}>{WORDS[level]}</StateChip>
      </div>
      {alert.reason && alert.reason !== `${alert.title}.` && <p className="alert__reason">{alert.reason}</p>}
      <div className="alert__foot">
        <p className="part__text numeral">
          since {shopDay(alert.raisedAt)}, {shopMinute(alert.raisedAt)}
          {alert.deviceID !== null && <> · <a href={hashOf("devices", alert.deviceID)}>Device {alert.deviceID}</a></>}
          {alert.acknowledgedAt && <> · {alert.acknowledgedBy || "somebody"} looks after it</>}
        </p>
        {onAck && alert.state === "open" && (
          <button type="button" className="button" onClick={onAck} aria-label={`I look after it: ${alert.title}`}>I look after it</button>
        )}
      </div>
    </li>
  );
}

export function AlertsModal() {
  const urgent = useDashboard((state) => `${state.deviceNews} ${state.link.phase === "live"}`);
  const user = useDashboard((state) => state.session.user);
  const [round, setRound] = useState(0);
  const [problem, setProblem] = useState(null);
  const { data, error } = useResource(alertsPath, { urgent: `${urgent} ${round}` });
  const open = notOver(data?.items);
  const look = async (id) => {
    try {
      await acknowledge(id, user?.csrfToken);
      setProblem(null);
    } catch (failure) {
      setProblem(failure.message || "The till could not take it.");
    }
    setRound((now) => now + 1);
  };
  return (
    <Dialog className="modal modal--narrow" title="Alerts">
      {data === null ? <Missing error={error} what="alert" /> : open.length === 0 ? (
        <p className="dialog__wait" role="status">Nothing is wrong now.</p>
      ) : (
        <ul className="alerts">
          {open.map((alert) => (
            <Row key={alert.alertId} alert={alert} onAck={mayAct(user?.role) ? () => look(alert.alertId) : null} />
          ))}
        </ul>
      )}
      {problem && <p className="ink--failed" role="alert">{problem}</p>}
    </Dialog>
  );
}
