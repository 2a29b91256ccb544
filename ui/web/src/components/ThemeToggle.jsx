// One button that goes through light, dark and the system's own look.
import { useTheme } from "../context/ThemeContext.jsx";
import { Icon } from "./Icon.jsx";

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
