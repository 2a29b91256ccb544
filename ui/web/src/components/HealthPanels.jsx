// Four small panels of what will need somebody: the queue, fiscal days, certificates, the week's success rate.
import { memo, useMemo } from "react";

import { useDashboard } from "../context/DashboardContext.jsx";
import { percent } from "../format.js";
import { certificateHealth, dayStates, queueHealth, weekRates } from "../state/health.js";
import { StateChip } from "./StateChip.jsx";

const CERTIFICATES_SHOWN = 4;
const useMetric = (name) => useDashboard((state) => state.metrics?.[name] ?? null);

const Small = memo(function Small({ id, title, chip, children }) {
  return (
    <section className="card small" aria-labelledby={id}>
      <div className="panel__head">
        <h2 id={id} className="panel__title">{title}</h2>
        {chip}
      </div>
      {children}
    </section>
  );
});

const none = <p className="small__none">Not known yet</p>;

export function QueuePanel() {
  const health = queueHealth(useMetric("queueDepth"));
  return (
    <Small id="queue-title" title="Queue depth" chip={<StateChip level={health.level}>{health.word}</StateChip>}>
      <p className="small__value numeral">{health.value}</p>
      <div className="gauge" aria-hidden="true">
        <span className={`gauge__fill gauge__fill--${health.level}`} style={{ "--share": health.share }} />
      </div>
      <p className="small__note">Receipts go out by themselves, in order.</p>
    </Small>
  );
}

export function FiscalDaysPanel() {
  const status = useMetric("fiscalDayStatus");
  const states = useMemo(() => dayStates(status), [status]);
  return (
    <Small id="days-title" title="Fiscal days">
      {states.length === 0 ? none : (
        <ul className="rows">
          {states.map(({ state, word, level, value }) => (
            <li key={state} className="rows__row">
              <StateChip level={level}>{word}</StateChip>
              <span className="rows__value numeral">{value}</span>
            </li>
          ))}
        </ul>
      )}
    </Small>
  );
}

export function CertificatesPanel() {
  const certificates = useMetric("certificates");
  const rows = useMemo(() => certificateHealth(certificates), [certificates]);
  const hidden = rows.length - CERTIFICATES_SHOWN;
  return (
    <Small id="certificates-title" title="Certificates">
      {rows.length === 0 ? none : (
        <ul className="rows">
          {rows.slice(0, CERTIFICATES_SHOWN).map(({ deviceID, words, until, level }) => (
            <li key={deviceID} className="rows__row">
              <span title={`until ${until}`}>Device {deviceID}</span>
              {level === "ok" ? <span className="rows__value numeral">{words}</span> : <StateChip level={level}>{words}</StateChip>}
            </li>
          ))}
        </ul>
      )}
      {hidden > 0 && <p className="small__note">and {hidden} more, all later</p>}
    </Small>
  );
}

export function WeekPanel() {
  const week = useMetric("successRate7d");
  const days = useMemo(() => weekRates(week), [week]);
  const known = days.filter(({ rate }) => rate !== null);
  const lowest = known.reduce((low, day) => (low === null || day.rate < low.rate ? day : low), null);
  const note =
    lowest === null
      ? "No receipts in the last 7 days"
      : lowest.rate === 100
        ? "nothing refused in these days"
        : `lowest ${percent(lowest.rate)} on ${lowest.label}`;
  return (
    <Small id="week-title" title="Success rate, 7 days">
      {days.length === 0 ? none : (
        <>
          <ul className="week">
            {days.map(({ date, label, rate, figure, words, level }) => (
              <li key={date} className="week__day" title={`${label}: ${words}`}>
                <span className="week__track" aria-hidden="true">
                  <span className={`week__bar week__bar--${level}`} style={{ "--share": (rate ?? 0) / 100 }} />
                </span>
                <span aria-hidden="true" className="week__label">{label}</span>
                <span aria-hidden="true" className="week__rate numeral">{figure}</span>
                <span className="only-read">{label}: {words}</span>
              </li>
            ))}
          </ul>
          <p className="small__note">{note}</p>
        </>
      )}
    </Small>
  );
}
