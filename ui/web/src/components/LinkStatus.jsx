// How fresh the page is, in words: live, catching up, stale, offline since when, till shutting down.
import { useDashboard, useSession } from "../context/DashboardContext.jsx";
import { shopTime, span } from "../format.js";
import { Icon } from "./Icon.jsx";
import { StateChip } from "./StateChip.jsx";
import { useNow } from "./useNow.js";

const BANNER_AFTER = 5_000;

const CHIPS = Object.freeze({
  idle: { level: "plain", icon: "waiting", word: () => "Connecting…" },
  connecting: { level: "plain", icon: "waiting", word: () => "Connecting…" },
  catchingUp: { level: "attention", icon: "catchUp", word: () => "Catching up…" },
  live: { level: "ok", icon: "live", word: () => "Live" },
  stale: { level: "attention", icon: "waiting", word: (age) => `No news for ${span(age)}` },
  offline: { level: "failed", icon: "offline", word: (age) => (age < BANNER_AFTER ? "Reconnecting…" : "Offline") },
  shuttingDown: { level: "attention", icon: "power", word: () => "Till restarting" },
});

export function LinkChip() {
  const link = useDashboard((state) => state.link);
  const asOf = useDashboard((state) => state.metrics?.asOf ?? null);
  const now = useNow(1_000, link.phase === "stale" || link.phase === "offline");
  const chip = CHIPS[link.phase];
  const word = chip.word(link.since === null ? 0 : Math.max(0, now - link.since));
  return (
    <div className="link-status">
      <span role="status"><StateChip level={chip.level} icon={chip.icon}>{word}</StateChip></span>
      {asOf && <span className="link-status__as-of numeral" title="Time of the newest numbers, shop time">as of {shopTime(asOf)}</span>}
    </div>
  );
}

function Banner({ level, icon, title, text, link, now, onTry }) {
  const seconds = link.nextTryAt === null ? 0 : Math.ceil((link.nextTryAt - now) / 1000);
  return (
    <div className={`banner ground ground--${level}`} role="alert">
      <Icon name={icon} size={20} />
      <p className="banner__text"><strong>{title}</strong> {text}</p>
      <span className="banner__next numeral" aria-live="off">
        {seconds > 0 ? `next try in ${seconds}\u00a0s` : "trying now"}
      </span>
      <button type="button" className="button" onClick={onTry}>Try now</button>
    </div>
  );
}

export function LinkBanner() {
  const link = useDashboard((state) => state.link);
  const session = useSession();
  const down = link.phase === "offline" || link.phase === "shuttingDown";
  const now = useNow(500, down);
  if (!down) return null;
  if (link.phase === "shuttingDown") {
    return (
      <Banner
        level="attention" icon="power" link={link} now={now} onTry={session.tryNow}
        title="The till is shutting down or restarting."
        text={`These are its last numbers, from ${shopTime(link.since)}. The page reconnects by itself.`}
      />
    );
  }
  if (now - link.since < BANNER_AFTER) return null;
  return (
    <Banner
      level="failed" icon="offline" link={link} now={now} onTry={session.tryNow}
      title={`Offline since ${shopTime(link.since)}.`}
      text="The numbers below are from then. The page reconnects by itself."
    />
  );
}
