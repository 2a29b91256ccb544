// Sign in. Says what went wrong in plain words, never which of the two was wrong, and counts down a delay.
import { useEffect, useRef, useState } from "react";

import { Icon } from "../components/Icon.jsx";
import { Logo } from "../components/Logo.jsx";
import { ThemeToggle } from "../components/ThemeToggle.jsx";
import { useNow } from "../components/useNow.js";
import { useDashboard, useSession } from "../context/DashboardContext.jsx";
import { span } from "../format.js";
import "../styles/login.css";

const REASONS = Object.freeze({
  ended: "You were signed out. Please sign in again.",
  left: "You are signed out.",
  unconfirmed: "The till did not confirm the sign-out. On a shared computer, close the browser.",
});
const WAIT_FOR_429 = 5;

function wordsFor(error) {
  if (error.status === 401) return "User name or password is wrong.";
  if (error.status === 429) return "Too many tries.";
  if (error.status === 0) return "The till does not answer. Is this computer on the shop’s network?";
  if (error.status === 403) return error.message || "This account may not sign in here.";
  return error.message || "The till could not sign you in. Please try again.";
}

function waitOf(error) {
  return error.retryAfter ?? (error.status === 429 ? WAIT_FOR_429 : 0);
}

function useSignIn() {
  const { signIn } = useSession();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(null);
  const submit = async (username, password, stay) => {
    setBusy(true);
    setProblem(null);
    try {
      await signIn(username, password, stay);
      return true;
    } catch (error) {
      const wait = waitOf(error);
      setProblem({ text: wordsFor(error), wait, until: Date.now() + wait * 1000 });
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, submit };
}

function Problem({ text, left }) {
  return (
    <p className="login__problem ground ground--failed" role="alert">
      <Icon name="failed" size={18} />
      <span>{text}{left > 0 && <span aria-live="off"> Next try in {span(left * 1000)}.</span>}</span>
    </p>
  );
}

export function Login() {
  const reason = useDashboard((state) => state.session.reason);
  const { busy, problem, submit } = useSignIn();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [visible, setVisible] = useState(false);
  const [stay, setStay] = useState(false);
  const first = useRef(null);
  const secret = useRef(null);
  const now = useNow(250, problem !== null);
  const left = problem === null ? 0 : Math.min(problem.wait, Math.max(0, Math.ceil((problem.until - now) / 1000)));

  useEffect(() => first.current?.focus(), []);

  const onSubmit = async (event) => {
    event.preventDefault();
    if (busy || left > 0 || username === "" || password === "") return;
    if (!(await submit(username, password, stay))) {
      setPassword("");
      secret.current?.focus();
    }
  };

  return (
    <main className="login">
      <div className="login__corner"><ThemeToggle /></div>
      <Logo />
      <form className="card login__card" onSubmit={onSubmit} aria-labelledby="login-title">
        <h1 id="login-title" className="login__title">Sign in</h1>
        <p className="login__lead">{REASONS[reason] ?? "to the dashboard of this till"}</p>
        <label className="field">
          <span className="field__label">User name</span>
          <input
            ref={first} name="username" autoComplete="username" autoCapitalize="none" spellCheck={false} required
            value={username} onChange={(event) => setUsername(event.target.value)}
          />
        </label>
        <div className="field">
          <label className="field__label" htmlFor="password">Password</label>
          <span className="field__with-button">
            <input
              id="password" ref={secret} name="password" type={visible ? "text" : "password"} required
              autoComplete="current-password" value={password} onChange={(event) => setPassword(event.target.value)}
            />
            <button
              type="button" className="button button--quiet button--icon" aria-pressed={visible}
              aria-label="Show password" title="Show password" onClick={() => setVisible(!visible)}
            >
              <Icon name="eye" size={18} />
            </button>
          </span>
        </div>
        <label className="check">
          <input type="checkbox" name="stay" checked={stay} onChange={(event) => setStay(event.target.checked)} />
          <span>Stay signed in on this device</span>
        </label>
        {problem !== null && <Problem text={problem.text} left={left} />}
        <button type="submit" className="button button--main button--wide" disabled={busy || left > 0}>
          {busy ? "Signing in…" : left > 0 ? `Wait ${span(left * 1000)}` : "Sign in"}
        </button>
      </form>
      <p className="login__foot">Accounts are made at the till, by its owner.</p>
    </main>
  );
}
