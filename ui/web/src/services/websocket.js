// The one live connection to the till: opens it, resumes after a gap, tries again when it breaks.
// It must not know the state: it hands on messages and says in which phase it is.
import { isLasting } from "../state/feed.js";
import { createBackoff } from "./backoff.js";
import { createClockWatch } from "./clockWatch.js";

export const CLOSED = Object.freeze({ GOING_AWAY: 1001, RESTART: 1012, SIGNED_OUT: 4401, FORBIDDEN: 4403, TOO_SLOW: 4408 });

const HEALTHY_AFTER = 10_000;
const HELLO_WITHIN = 10_000;
const CATCH_UP_QUIET = 1_500;
const BEATS_MISSED = 2.5;
const LEAST_SILENCE = 20_000;
// Until its beat is known: a quiet till still tells its figures twice a minute.
const BEAT_AT_MOST = 30_000;
const ASLEEP = 15_000;
const HELLO_EVENTS = 50;
const RESTART_TAKES = 120_000;

/** "/ws/dashboard/" at the page's own origin; wss where the page is https. */
export function socketUrl(location) {
  return `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/ws/dashboard/`;
}

function parsed(text) {
  try {
    const message = JSON.parse(text);
    return typeof message?.type === "string" ? message : null;
  } catch {
    return null;
  }
}

/** Whether a hello alone leaves no gap between the last event known and its own list. */
function helloCovers(hello, after) {
  const { events = [], seq = hello.seq } = hello.data ?? {};
  if (after === null || seq <= after || events.length < HELLO_EVENTS) return true;
  return Math.min(...events.map((event) => event.seq)) <= after + 1;
}

/**
 * {start, stop, tryNow}. Callbacks: onMessage(message); onPhase({phase, since, nextTryAt}); onEnd("signedOut" |
 * "forbidden"), after which nothing is tried again; `probe()` resolves to "signedIn" | "signedOut" | "forbidden" |
 * "unreachable" and is asked when a connection was never accepted, since a refused upgrade has no readable reason.
 * `token`: of a screen that has no session, said first.
 */
export function createLink({ url, token = null, onMessage, onPhase, onEnd, probe, random = Math.random, page = window }) {
  const backoff = createBackoff(random);
  const watch = createClockWatch((ms) => onJump(ms), page);
  let socket = null;
  let phase = null;
  let after = null;
  let target = null;
  let helloSeen = false;
  let unending = false;
  let running = false;
  let offlineSince = null;
  let heardAt = 0;
  let beatAt = null;
  let beatEvery = null;
  let hiddenAt = null;
  const timers = { retry: null, hello: null, healthy: null, quiet: null, silence: null };

  function stopTimers(...names) {
    for (const name of names.length > 0 ? names : Object.keys(timers)) {
      clearTimeout(timers[name]);
      timers[name] = null;
    }
  }

  function enter(next, detail = {}) {
    phase = next;
    onPhase({ phase: next, since: Date.now(), nextTryAt: null, ...detail });
  }

  function connect() {
    stopTimers();
    drop();
    helloSeen = false;
    unending = false;
    target = null;
    beatAt = null;
    beatEvery = null;
    if (offlineSince === null) enter("connecting");
    const mine = new page.WebSocket(url);
    socket = mine;
    timers.hello = setTimeout(() => lost(mine, 1006), HELLO_WITHIN);
    let accepted = false;
    mine.onopen = () => {
      accepted = true;
      if (token !== null) mine.send(JSON.stringify({ type: "auth", token }));
      if (after !== null) mine.send(JSON.stringify({ type: "resume", after }));
    };
    mine.onmessage = (event) => socket === mine && heard(parsed(event.data));
    mine.onclose = (event) => lost(mine, event.code, accepted);
  }

  /** Lets go of the socket without listening to its last words. */
  function drop() {
    if (socket === null) return;
    const old = socket;
    socket = null;
    old.onopen = old.onmessage = old.onclose = null;
    old.close();
  }

  function heard(message) {
    if (message === null) return;
    timers.healthy ??= setTimeout(() => backoff.reset(), HEALTHY_AFTER);
    heardAt = Date.now();
    watchSilence(message);
    // Hand on first: whoever reads the phase "live" finds the snapshot already there.
    onMessage(message);
    if (message.type === "hello") greeted(message);
    else if (!helloSeen && target === null) replayedFirst();
    if (isLasting(message)) advanced(message.seq);
    if (phase === "stale") enter("live");
    if (phase === "catchingUp") {
      stopTimers("quiet");
      timers.quiet = setTimeout(caughtUp, CATCH_UP_QUIET);
    }
  }

  function greeted(hello) {
    const seq = hello.data?.seq ?? hello.seq;
    stopTimers("hello");
    unending = false;
    if (helloSeen || helloCovers(hello, after)) {
      after = seq;
      caughtUp();
    } else {
      target = seq;
      enter("catchingUp");
    }
    helloSeen = true;
  }

  /** The answer to a resume may come before the greeting, or in its place: it ends where it falls silent. */
  function replayedFirst() {
    stopTimers("hello");
    target = after ?? 0;
    unending = true;
    if (phase !== "catchingUp") enter("catchingUp");
  }

  function advanced(seq) {
    if (after === null || seq > after) after = seq;
    if (phase === "catchingUp" && !unending && seq >= target) caughtUp();
  }

  function caughtUp() {
    stopTimers("quiet");
    unending = false;
    if (target !== null) after = Math.max(after, target);
    target = null;
    offlineSince = null;
    if (phase !== "live") enter("live");
  }

  /** A till that is heard says something, if only its heartbeat: silence means that the numbers may be old. */
  function watchSilence(message) {
    if (message.type === "heartbeat") {
      if (beatAt !== null) beatEvery = heardAt - beatAt;
      beatAt = heardAt;
    }
    stopTimers("silence");
    timers.silence = setTimeout(silent, Math.max(LEAST_SILENCE, (beatEvery ?? BEAT_AT_MOST) * BEATS_MISSED));
  }

  function silent() {
    const mine = socket;
    enter("stale", { since: heardAt });
    timers.silence = setTimeout(() => lost(mine, 1006, true), LEAST_SILENCE);
  }

  async function lost(mine, code, accepted = false) {
    if (socket !== mine || !running) return;
    stopTimers();
    drop();
    if (code === CLOSED.SIGNED_OUT) return end("signedOut");
    if (code === CLOSED.FORBIDDEN) return end("forbidden");
    offlineSince ??= Date.now();
    const wait = backoff.next();
    const announced = code === CLOSED.GOING_AWAY || code === CLOSED.RESTART;
    const restarting = phase === "shuttingDown" && Date.now() - offlineSince < RESTART_TAKES;
    enter(announced || restarting ? "shuttingDown" : "offline", { since: offlineSince, nextTryAt: Date.now() + wait });
    timers.retry = setTimeout(connect, wait);
    if (!accepted && !announced) await askWhy();
  }

  async function askWhy() {
    const answer = await probe();
    if (running && socket === null && (answer === "signedOut" || answer === "forbidden")) end(answer);
  }

  function end(reason) {
    stop();
    onEnd(reason);
  }

  function tryNow() {
    if (running && socket === null) connect();
  }

  function onVisible() {
    if (page.document.visibilityState !== "visible") {
      hiddenAt = Date.now();
      return;
    }
    const away = hiddenAt === null ? 0 : Date.now() - hiddenAt;
    hiddenAt = null;
    if (socket === null) tryNow();
    // A laptop that slept may hold a dead connection that still looks open: a new one is cheap and certain.
    else if (running && away > ASLEEP && Date.now() - heardAt > ASLEEP) connect();
  }

  /** The cable is out: the socket would look open for a minute more. Where the till is this machine, it is back at once. */
  function onOffline() {
    if (running && socket !== null) lost(socket, 1006, true);
  }

  /** The machine slept or its clock was set: times kept here move along, and a new connection is cheap and certain. */
  function onJump(ms) {
    if (offlineSince !== null) offlineSince += ms;
    if (running) connect();
  }

  function start() {
    if (running) return;
    running = true;
    page.addEventListener("online", tryNow);
    page.addEventListener("offline", onOffline);
    page.document.addEventListener("visibilitychange", onVisible);
    watch.start();
    connect();
  }

  function stop() {
    running = false;
    watch.stop();
    stopTimers();
    drop();
    page.removeEventListener("online", tryNow);
    page.removeEventListener("offline", onOffline);
    page.document.removeEventListener("visibilitychange", onVisible);
  }

  return { start, stop, tryNow };
}
