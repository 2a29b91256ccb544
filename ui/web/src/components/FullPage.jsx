// A page that says one thing: nothing to show yet, not allowed, or not reachable.
import { Icon } from "./Icon.jsx";
import { Logo } from "./Logo.jsx";

export function FullPage({ icon, level, title, children }) {
  return (
    <main className="full-page">
      <Logo />
      <section className="card full-page__card" role={level === "plain" ? "status" : "alert"}>
        <span className={`full-page__icon ground ground--${level}`}><Icon name={icon} size={28} /></span>
        <h1 className="full-page__title">{title}</h1>
        {children}
      </section>
    </main>
  );
}
