// The screen on the wall: numbers only, no controls, very large. Looks after itself: stays awake, shifts a little so
// that nothing burns in, loads itself anew at night. May be opened with a token of its own in the fragment.
import { useEffect, useState } from "react";

import { LinkChip } from "../components/LinkStatus.jsx";
import { Logo } from "../components/Logo.jsx";
import { StateChip } from "../components/StateChip.jsx";
import { useNow } from "../components/useNow.js";
import { useDashboard } from "../context/DashboardContext.jsx";
import { UNKNOWN, shopLongDay, shopMinute } from "../format.js";
import { shownFlight, stageLabel } from "../state/progress.js";
import { queueHealth } from "../state/health.js";
import { readEvent } from "../state/sentences.js";
import { msToNight, shiftAt } from "../state/wall.js";
import "../styles/tv.css";

const MINUTE = 60_000;

function useAwake() {
  useEffect(() => {
    let lock = null;
    let gone = false;
    const hold = async () => {
      if (document.visibilityState !== "visible" || !navigator.wakeLock) return;
      try {
        lock = await navigator.wakeLock.request("screen");
        if (gone) await lock.release();
      } catch {
        // A browser that saves power may say no: the screen's own settings decide then.
      }
    };
    hold();
    document.addEventListener("visibilitychange", hold);
    return () => {
      gone = true;
      document.removeEventListener("visibilitychange", hold);
      lock?.release().catch(() => undefined);
    };
  }, []);
}

/** Loads itself anew at night, but only while the till answers: an error page would stay on the wall. */
function useNightlyReload() {
  const live = useDashboard((state) => state.link.phase === "live");
  const [due, setDue] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setDue(true), msToNight(Date.now(), Math.random()));
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => {
    if (due && live) window.location.reload();
  }, [due, live]);
}

function Card({ card }) {
  return (
    <article className={`tv__card tv__card--${card.ink ?? card.level}`} aria-labelledby={`tv-${card.id}`}>
      <h2 id={`tv-${card.id}`} className="tv__label">{card.label}</h2>
      {card.lines?.length > 0 ? (
        <ul className="tv__lines">
          {card.lines.map(({ currency, amount }) => (
            <li key={currency}><span className="tv__currency">{currency}</span> <span className="numeral">{amount}</span></li>
          ))}
        </ul>
      ) : (
        <p className="tv__value numeral">{card.value}</p>
      )}
      <p className="tv__context">{card.word ? <StateChip level={card.level}>{card.word}</StateChip> : card.context}</p>
    </article>
  );
}

function Foot() {
  const flight = useDashboard((state) => shownFlight(state.progress));
  const depth = useDashboard((state) => state.metrics?.queueDepth ?? null);
  const last = useDashboard((state) => state.feed[0] ?? null);
  const queue = queueHealth(depth);
  return (
    <footer className="tv__foot">
      <StateChip level={queue.level}>{queue.word}{depth > 0 ? `: ${queue.value}` : ""}</StateChip>
      <span className="tv__flight numeral">{flight ? `Receipt ${flight.receiptGlobalNo ?? ""}: ${stageLabel(flight)}` : "No receipt under way"}</span>
      <span className="tv__last">{last ? `${shopMinute(last.at)}  ${readEvent(last).sentence}` : "Nothing has happened yet"}</span>
    </footer>
  );
}

export function Tv() {
  const cards = useDashboard((state) => state.cards);
  const phase = useDashboard((state) => state.link.phase);
  const date = useDashboard((state) => shopLongDay(state.metrics?.asOf));
  const { x, y } = shiftAt(useNow(MINUTE));
  useAwake();
  useNightlyReload();
  return (
    <main className="tv page" data-link={phase} style={{ "--shift-x": `${x}px`, "--shift-y": `${y}px` }}>
      <header className="tv__head">
        <Logo />
        <h1 className="tv__date">{date === UNKNOWN ? "Waiting for the till" : date}</h1>
        <LinkChip />
      </header>
      <div className="tv__cards">{cards.map((card) => <Card key={card.id} card={card} />)}</div>
      <Foot />
    </main>
  );
}
