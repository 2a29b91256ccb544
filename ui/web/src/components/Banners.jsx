// What the page must say in a line of its own: offline since when, the till restarting, another version of the till.
import { useDashboard, useSession } from "../context/DashboardContext.jsx";
import { shopTime } from "../format.js";
import { Icon } from "./Icon.jsx";
import { VersionBanner } from "./VersionBanner.jsx";
import { BANNER_AFTER } from "./LinkStatus.jsx";
import { useNow } from "./useNow.js";

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

function LinkBanner() {
  const link = useDashboard((state) => state.link);
  // The till's own time: this computer's clock may be wrong, or have been changed.
  const heard = useDashboard((state) => shopTime(state.heardAt ?? state.link.since));
  const session = useSession();
  const down = link.phase === "offline" || link.phase === "shuttingDown";
  const now = useNow(500, down);
  if (!down) return null;
  if (link.phase === "shuttingDown") {
    return (
      <Banner
        level="attention" icon="power" link={link} now={now} onTry={session.tryNow}
        title="The till is shutting down or restarting."
        text={`These are its last numbers, from ${heard}. The page reconnects by itself.`}
      />
    );
  }
  if (now - link.since < BANNER_AFTER) return null;
  return (
    <Banner
      level="failed" icon="offline" link={link} now={now} onTry={session.tryNow}
      title={`Offline since ${heard}.`}
      text="The numbers below are from then. The page reconnects by itself."
    />
  );
}

export function Banners() {
  return (
    <>
      <LinkBanner />
      <VersionBanner />
    </>
  );
}
