// The button with the reader's name; its menu is loaded when it is opened.
import { Suspense, lazy, useCallback, useRef, useState } from "react";

import { useDashboard } from "../context/DashboardContext.jsx";
import { Icon } from "./Icon.jsx";
import { ThemeToggle } from "./ThemeToggle.jsx";

const AccountMenu = lazy(() => import("./AccountMenu.jsx").then((chunk) => ({ default: chunk.AccountMenu })));

function Menu() {
  const user = useDashboard((state) => state.session.user);
  const [open, setOpen] = useState(false);
  const button = useRef(null);
  const close = useCallback((refocus) => {
    setOpen(false);
    if (refocus) button.current?.focus();
  }, []);
  return (
    <div className="account">
      <button
        ref={button} type="button" className="button button--quiet account__button" aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name="user" size={18} />
        <span className="only-read">Account: </span>
        <span className="top__user">
          <span className="top__name">{user?.username}</span>
          <span className="top__role">{user?.role}</span>
        </span>
      </button>
      {open && <Suspense fallback={null}><AccountMenu onClose={close} /></Suspense>}
    </div>
  );
}

export function Account() {
  return (
    <>
      <ThemeToggle />
      <Menu />
    </>
  );
}
