// How fresh the page is, in words: live, catching up, stale, offline since when, till shutting down.
import { useDashboard } from "../context/DashboardContext.jsx";
import { shopTime, span } from "../format.js";
import { StateChip } from "./StateChip.jsx";
import { useNow } from "./useNow.js";

export const BANNER_AFTER = 5_000;

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
  const asOf = useDashboard((state) => (state.heardAt === null ? null : shopTime(state.heardAt)));
  const now = useNow(1_000, link.phase === "stale" || link.phase === "offline");
  const chip = CHIPS[link.phase];
  const word = chip.word(link.since === null ? 0 : Math.max(0, now - link.since));
  return (
    <div className="link-status">
      <span role="status"><StateChip level={chip.level} icon={chip.icon}>{word}</StateChip></span>
      {asOf && <span className="link-status__as-of numeral" title="The till’s last sign of life, shop time">as of {asOf}</span>}
    </div>
  );
}
