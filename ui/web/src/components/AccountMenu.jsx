// What belongs to the signed-in person: look, sign-ins on other devices, the way out. Loaded when it is opened.
import { useEffect, useRef, useState } from "react";

import { useDashboard, useSession } from "../context/DashboardContext.jsx";
import { useTheme } from "../context/ThemeContext.jsx";
import { shopDay, shopMinute } from "../format.js";
import { endSessions, sessionsPath } from "../services/reads.js";
import { Icon } from "./Icon.jsx";
import { useResource } from "./useResource.js";
import "../styles/menu.css";

const THEMES = [["light", "Light", "sun"], ["dark", "Dark", "moon"], ["system", "System", "system"]];
const KINDS = Object.freeze({ browser: "Browser", program: "Program", key: "Key" });

const nameOf = ({ agent, kind }) => agent || KINDS[kind] || kind;

function Look() {
  const { choice, choose } = useTheme();
  return (
    <fieldset className="menu__look segments">
      <legend className="only-read">Look of this page</legend>
      {THEMES.map(([value, label]) => (
        <label key={value} className="segment">
          <input type="radio" name="theme" value={value} checked={choice === value} onChange={() => choose(value)} />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}

function SignIns({ user }) {
  const [round, setRound] = useState(0);
  const [problem, setProblem] = useState(null);
  const { data, error } = useResource(sessionsPath, { urgent: round });
  const end = async (id) => {
    try {
      await endSessions(id, user?.csrfToken);
      setProblem(null);
    } catch (failure) {
      setProblem(failure.message);
    }
    setRound((now) => now + 1);
  };
  if (error !== null && data === null) return <p className="menu__note">The sign-ins could not be read.</p>;
  return (
    <>
      <h3 className="menu__title">Signed in</h3>
      <ul className="menu__list">
        {(data?.items ?? []).map((one) => (
          <li key={one.id} className="menu__row">
            <span>
              {nameOf(one)}{one.current && ", this one"}
              {one.address && <span className="menu__note numeral">{one.address}</span>}
              <span className="menu__note numeral">since {shopDay(one.createdAt)}, {shopMinute(one.createdAt)}</span>
            </span>
            {!one.current && (
              <button type="button" className="button button--small" onClick={() => end(one.id)} aria-label={`End ${nameOf(one)} since ${shopDay(one.createdAt)}, ${shopMinute(one.createdAt)}`}>
                End
              </button>
            )}
          </li>
        ))}
      </ul>
      {problem && <p className="menu__note ink--failed" role="alert">{problem}</p>}
    </>
  );
}

/** `onClose(refocus)`; the button that opened it stands outside. */
export function AccountMenu({ onClose }) {
  const user = useDashboard((state) => state.session.user);
  const { signOut, signOutEverywhere } = useSession();
  const menu = useRef(null);

  useEffect(() => {
    menu.current?.querySelector("input:checked, button")?.focus();
    const onKey = (event) => event.key === "Escape" && onClose(true);
    const onPress = (event) => !event.target.closest(".account") && onClose(false);
    document.addEventListener("keydown", onKey);
    document.addEventListener("pointerdown", onPress);
    return () => {
      document.removeEventListener("keydown", onKey);
      document.removeEventListener("pointerdown", onPress);
    };
  }, [onClose]);

  return (
    <section className="menu card" ref={menu} aria-label="Account">
      <p className="menu__who"><strong>{user?.username}</strong> <span className="menu__note">{user?.role}</span></p>
      <Look />
      <SignIns user={user} />
      <div className="menu__acts">
        <button type="button" className="button" onClick={signOut}><Icon name="leave" size={18} /> Sign out</button>
        <button type="button" className="button" onClick={signOutEverywhere}>Sign out everywhere</button>
      </div>
    </section>
  );
}
