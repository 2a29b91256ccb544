// The bar on top: what this is, how fresh it is, the theme, who is signed in.
import { useDashboard, useSession } from "../context/DashboardContext.jsx";
import { useTheme } from "../context/ThemeContext.jsx";
import { Icon } from "./Icon.jsx";
import { LinkChip } from "./LinkStatus.jsx";
import { Logo } from "./Logo.jsx";

const THEMES = Object.freeze({
  system: { icon: "system", name: "as the system", next: "light" },
  light: { icon: "sun", name: "light", next: "dark" },
  dark: { icon: "moon", name: "dark", next: "system" },
});

export function ThemeToggle() {
  const { choice, choose } = useTheme();
  const { icon, name, next } = THEMES[choice];
  const label = `Theme: ${name}. Change to ${THEMES[next].name}`;
  return (
    <button type="button" className="button button--quiet button--icon" aria-label={label} title={label} onClick={() => choose(next)}>
      <Icon name={icon} size={18} />
    </button>
  );
}

export function TopBar() {
  const user = useDashboard((state) => state.session.user);
  const { signOut } = useSession();
  return (
    <header className="top">
      <div className="top__inner">
        <Logo />
        <LinkChip />
        <div className="top__right">
          <ThemeToggle />
          <span className="top__user">
            <span className="top__name">{user?.username}</span>
            <span className="top__role">{user?.role}</span>
          </span>
          <button type="button" className="button button--quiet button--leave" onClick={signOut} title="Sign out">
            <Icon name="leave" size={18} /> <span className="button__word">Sign out</span>
          </button>
        </div>
      </div>
    </header>
  );
}
