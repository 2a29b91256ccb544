// Says what will appear in an empty place, and when.
import { Icon } from "./Icon.jsx";

export function EmptyState({ icon, title, children }) {
  return (
    <div className="empty">
      <Icon name={icon} size={24} />
      <p className="empty__title">{title}</p>
      {children && <p className="empty__text">{children}</p>}
    </div>
  );
}
