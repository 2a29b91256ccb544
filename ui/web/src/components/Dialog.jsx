// A window over the page: the browser's own modal dialog, which holds the focus, closes on Esc and gives the focus back.
import { useLayoutEffect, useRef } from "react";

import { go } from "../state/route.js";
import { Icon } from "./Icon.jsx";

/** `className` "modal" in the middle or "drawer" at the side. Closing goes back to `back`, a fragment. */
export function Dialog({ className, title, chip, back = "", children }) {
  const dialog = useRef(null);

  // Closed while it still stands in the page: only then does the browser give the focus back.
  useLayoutEffect(() => {
    const { current } = dialog;
    if (!current.open) current.showModal();
    return () => current.close();
  }, []);

  const close = () => go(back);
  return (
    // Esc is the keyboard's way; a click beside the window is the mouse's.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions
    <dialog
      ref={dialog}
      className={`dialog ${className}`}
      aria-labelledby="dialog-title"
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onClick={(event) => event.target === dialog.current && close()}
    >
      <div className="dialog__inner">
        <header className="dialog__head">
          <h2 id="dialog-title" className="dialog__title">{title}</h2>
          {chip}
          <button type="button" className="button button--quiet button--icon dialog__close" aria-label="Close" title="Close (Esc)" onClick={close}>
            <Icon name="close" size={20} />
          </button>
        </header>
        <div className="dialog__body">{children}</div>
      </div>
    </dialog>
  );
}

/** Names with values, as a list of pairs. */
export function Facts({ rows }) {
  return (
    <dl className="facts">
      {rows.map(({ name, value, mono }) => (
        <div key={name} className="facts__row">
          <dt>{name}</dt>
          <dd className={mono ? "mono" : "numeral"}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Why nothing is there: still asked for, not allowed, absent, or no answer. */
export function Missing({ error, what }) {
  if (error === null) return <p className="dialog__wait" role="status">Asking the till…</p>;
  const words =
    error.status === 404
      ? `There is no such ${what} here, or your account may not see it.`
      : error.status === 403
        ? `Your account may not see the details of a ${what}. A manager or the owner can.`
        : error.message || "The till could not answer.";
  return <p className="dialog__wait" role="alert"><Icon name={error.status === 403 ? "lock" : "attention"} size={18} /> {words}</p>;
}
