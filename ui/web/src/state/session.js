// Who is signed in, and therefore whether the live connection runs. Knows the services by their functions only.
import { createBackoff } from "../services/backoff.js";

/**
 * {start, stop, signIn, signOut, signOutEverywhere, tryNow}. `api` is services/api.js, `openLink(callbacks)` makes the live connection,
 * `store` takes what happens.
 */
export function createSession({ api, openLink, store, random = Math.random, page = window }) {
  const backoff = createBackoff(random);
  let link = null;
  let retry = null;
  let started = false;

  const phaseOf = (error) =>
    error.status === 401 ? "signedOut" : error.status === 403 ? "forbidden" : "unreachable";

  function leave(phase, reason = null) {
    link?.stop();
    link = null;
    store.dispatch({ type: "session", phase, reason });
  }

  async function probe() {
    try {
      await api.me();
      return "signedIn";
    } catch (error) {
      return phaseOf(error);
    }
  }

  function enter(user) {
    backoff.reset();
    store.dispatch({ type: "signedIn", user });
    link?.stop();
    link = openLink({
      onMessage: store.receive,
      onPhase: (phase) => store.dispatch({ type: "link", link: phase }),
      onEnd: (phase) => leave(phase, phase === "signedOut" ? "ended" : null),
      probe,
    });
    link.start();
  }

  async function check() {
    clearTimeout(retry);
    retry = null;
    try {
      const user = await api.me();
      if (started) enter(user);
    } catch (error) {
      if (!started) return;
      const phase = phaseOf(error);
      leave(phase);
      if (phase === "unreachable") retry = setTimeout(check, backoff.next());
    }
  }

  async function depart(end) {
    const { user } = store.getState().session;
    // Leave the page first: the reader asked to be gone, whatever the till answers.
    leave("signedOut", "left");
    try {
      await end(user?.csrfToken);
    } catch (error) {
      if (error.status !== 401) store.dispatch({ type: "session", phase: "signedOut", reason: "unconfirmed" });
    }
  }

  function tryNow() {
    if (link !== null) link.tryNow();
    else if (retry !== null) check();
  }

  return {
    start() {
      if (started) return;
      started = true;
      page.addEventListener("online", tryNow);
      check();
    },
    stop() {
      started = false;
      clearTimeout(retry);
      link?.stop();
      link = null;
      page.removeEventListener("online", tryNow);
    },
    async signIn(username, password, stay) {
      enter(await api.login(username, password, stay));
    },
    signOut: () => depart(api.logout),
    signOutEverywhere: () => depart(api.logoutEverywhere),
    checkAgain: check,
    tryNow,
  };
}
