// One device in full: identity and certificate, day, queue, printers, counters, last receipts, latency, errors.
import { useDashboard } from "../context/DashboardContext.jsx";
import { amount, milliseconds, money, shopTime } from "../format.js";
import { devicePath } from "../services/reads.js";
import { countersOf, dayOf, healthOf, identityOf, latencyOf, openedOf, printersOf, queueOf } from "../state/devices.js";
import { STATUS, titleOf } from "../state/receiptLife.js";
import { hashOf } from "../state/route.js";
import { Dialog, Facts, Missing } from "./Dialog.jsx";
import { Icon } from "./Icon.jsx";
import { SendNow } from "./SendNow.jsx";
import { StateChip } from "./StateChip.jsx";
import { useResource } from "./useResource.js";

function Part({ title, note, children }) {
  return (
    <section className="part">
      <h3 className="part__title">{title}{note && <span className="part__note"> {note}</span>}</h3>
      {children}
    </section>
  );
}

const WIDTH = 300;
const HEIGHT = 56;

function Latency({ device }) {
  const view = latencyOf(device);
  if (view === null) return <p className="part__none">No receipt was answered yet.</p>;
  const top = Math.max(...view.points, 1);
  const step = WIDTH / Math.max(1, view.points.length - 1);
  const spots = view.points.map((ms, i) => `${(i * step).toFixed(1)} ${(HEIGHT - (ms / top) * (HEIGHT - 4) - 2).toFixed(1)}`);
  return (
    <>
      <svg className="latency" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={view.sentence}>
        <path d={`M${spots.join(" L")}${spots.length === 1 ? ` L${WIDTH} ${spots[0].split(" ")[1]}` : ""}`} vectorEffect="non-scaling-stroke" />
      </svg>
      <p className="part__text">{view.sentence}</p>
      <details className="part__more">
        <summary>As a table</summary>
        <table className="lines">
          <thead><tr><th scope="col">Answered</th><th scope="col">Round trip</th></tr></thead>
          <tbody>{view.rows.map(([name, value]) => <tr key={name}><th scope="row">{name}</th><td className="numeral">{value}</td></tr>)}</tbody>
        </table>
      </details>
    </>
  );
}

function LastReceipts({ receipts }) {
  if (receipts.length === 0) return <p className="part__none">No receipt yet.</p>;
  return (
    <ul className="recent">
      {receipts.slice(0, 8).map((receipt) => {
        const status = STATUS[receipt.status] ?? { level: "plain", word: String(receipt.status) };
        return (
          <li key={receipt.receiptId} className="recent__row">
            <span className="recent__time numeral">{String(receipt.receiptDate).slice(11, 19)}</span>
            <a href={hashOf("receipts", receipt.receiptId)}>{titleOf(receipt)}</a>
            <span className="recent__amount numeral">{money(receipt.receiptCurrency, receipt.receiptTotal)}</span>
            <StateChip level={status.level}>{status.word}</StateChip>
          </li>
        );
      })}
    </ul>
  );
}

function Details({ device }) {
  const printers = printersOf(device);
  const counters = countersOf(device);
  const errors = Array.isArray(device.errors) ? device.errors : [];
  const days = [
    { name: "Fiscal day", value: dayOf(device) },
    { name: "Opened", value: openedOf(device) },
    { name: "Queue", value: queueOf(device) },
    { name: "FDMS", value: device.online ? "reachable" : "not reachable now" },
  ];
  return (
    <>
      {device.attention && (
        <p className={`dialog__note ground ground--${healthOf(device).level}`}><Icon name="attention" size={18} /> {device.attention}</p>
      )}
      <div className="parts">
        <Part title="Day and queue">
          <Facts rows={days} />
          {device.queueDepth > 0 && <SendNow device={device} />}
        </Part>
        <Part title="Identity and certificate"><Facts rows={identityOf(device)} /></Part>
        <Part title="Latency" note="round trip to FDMS"><Latency device={device} /></Part>
        <Part title="Last receipts"><LastReceipts receipts={Array.isArray(device.lastReceipts) ? device.lastReceipts : []} /></Part>
        {printers.length > 0 && (
          <Part title="Printers">
            <ul className="rows">
              {printers.map(({ name, level, words }) => (
                <li key={name} className="rows__row"><span>{name}</span><StateChip level={level}>{words}</StateChip></li>
              ))}
            </ul>
          </Part>
        )}
        <Part title="Counters of the day">
          {counters.length === 0 ? <p className="part__none">No counter has a value yet.</p> : (
            <table className="lines">
              <thead><tr><th scope="col">Counter</th><th scope="col">Currency</th><th scope="col">Value</th></tr></thead>
              <tbody>
                {counters.map(({ key, name, currency, value }) => (
                  <tr key={key}><th scope="row">{name}</th><td>{currency}</td><td className="numeral">{amount(value)}</td></tr>
                ))}
              </tbody>
            </table>
          )}
        </Part>
        <Part title="Errors" note="newest first">
          {errors.length === 0 ? <p className="part__none">No try to send a receipt has failed lately.</p> : (
            <ul className="recent">
              {errors.slice(0, 8).map((one, i) => (
                <li key={`${one.at}-${errors.length - i}`} className="recent__row">
                  <span className="recent__time numeral">{shopTime(one.at)}</span>
                  <span>{[one.outcome, one.httpStatus && `HTTP ${one.httpStatus}`, one.error].filter(Boolean).join(" · ")}</span>
                  <span className="recent__amount numeral">{milliseconds(one.latencyMs)}</span>
                </li>
              ))}
            </ul>
          )}
        </Part>
      </div>
    </>
  );
}

export function DeviceModal({ id }) {
  const urgent = useDashboard((state) => `${state.deviceNews} ${state.link.phase === "live"}`);
  const loose = useDashboard((state) => state.lanes[id]?.receiptId ?? null);
  const { data, error } = useResource(devicePath(id), { urgent, loose });
  const health = data ? healthOf(data) : null;
  return (
    <Dialog className="modal" title={`Device ${id}`} chip={health && <StateChip level={health.level}>{health.word}</StateChip>}>
      {data ? <Details device={data} /> : <Missing error={error} what="device" />}
    </Dialog>
  );
}
