// A state in icon, word and colour, never colour alone.
import { Icon } from "./Icon.jsx";

const ICONS = Object.freeze({ ok: "check", plain: "live", attention: "attention", failed: "failed" });

export function StateChip({ level, icon, children }) {
  return (
    <span className={`chip ground ground--${level}`}>
      <Icon name={icon ?? ICONS[level]} size={14} />
      <span>{children}</span>
    </span>
  );
}
