// The dashboard's whole state and what each message does to it. Pure: no socket, no clock, no React.
import { isLasting, mergeEvents } from "./feed.js";
import { kpiCards } from "./kpis.js";
import { noLanes, observeLane } from "./lanes.js";
import { landAll, lookAgain, noProgress, observe } from "./progress.js";
import { share } from "./share.js";

/**
 * session.phase: checking | signedIn | signedOut | forbidden | unreachable
 * link.phase: idle | connecting | catchingUp | live | stale | offline | shuttingDown; `since` in ms.
 * seq: the newest lasting event known. feed: newest first. deviceNews: the newest event that is not about a receipt.
 * heardAt: the till's own time of its last sign of life. version: the till's.
 */
export const initialState = Object.freeze({
  session: { phase: "checking", user: null, reason: null },
  link: { phase: "idle", since: null, nextTryAt: null },
  metrics: null,
  cards: kpiCards(null),
  feed: [],
  seq: 0,
  progress: noProgress,
  lanes: noLanes,
  deviceNews: 0,
  heardAt: null,
  version: null,
});

function withMetrics(state, snapshot) {
  if (typeof snapshot !== "object" || snapshot === null) return state;
  const metrics = share(state.metrics, snapshot);
  return metrics === state.metrics ? state : { ...state, metrics, cards: share(state.cards, kpiCards(metrics)) };
}

function heardAgain(state, at) {
  return typeof at !== "string" || at === state.heardAt ? state : { ...state, heardAt: at };
}

function hello(state, message) {
  const { metrics, events = [], seq = message.seq, version = null } = message.data;
  // A smaller number than ours means another ledger (a restored backup, a new data folder): start again from it.
  const restarted = seq < state.seq;
  const feed = mergeEvents(restarted ? [] : state.feed, events);
  const progress = landAll(restarted ? noProgress : state.progress);
  return { ...withMetrics(state, metrics), feed, seq, progress, lanes: noLanes, version, heardAt: metrics?.asOf ?? state.heardAt };
}

function lasting(state, message, now) {
  const live = state.link.phase === "live";
  const feed = mergeEvents(state.feed, [message], live);
  if (feed === state.feed) return state;
  const seq = Math.max(state.seq, message.seq);
  if (!message.type.startsWith("receipt.")) return { ...state, feed, seq, deviceNews: seq };
  return { ...state, feed, seq, progress: observe(state.progress, message, now), lanes: observeLane(state.lanes, message) };
}

/** One socket message. Unknown types, and messages without the shape of one, change nothing. */
export function applyMessage(state, message, now) {
  if (typeof message?.type !== "string" || typeof message.data !== "object" || message.data === null) return state;
  if (message.type === "hello") return hello(state, message);
  if (message.type === "heartbeat") return heardAgain(state, message.at);
  if (message.type === "metrics.updated") return heardAgain(withMetrics(state, message.data), message.data.asOf);
  if (message.type === "receipt.progress") {
    const progress = observe(state.progress, message, now);
    return progress === state.progress ? state : { ...state, progress, lanes: observeLane(state.lanes, message) };
  }
  return isLasting(message) ? lasting(state, message, now) : state;
}

export function reduce(state, action) {
  switch (action.type) {
    case "messages":
      return action.messages.reduce((next, message) => applyMessage(next, message, action.now), state);
    case "link":
      return { ...state, link: share(state.link, { ...initialState.link, ...action.link }) };
    case "look":
      return { ...state, progress: lookAgain(state.progress, action.now) };
    case "signedIn":
      return { ...state, session: { phase: "signedIn", user: action.user, reason: null } };
    case "session":
      // Whoever is no longer signed in must not read on: the numbers go with the session.
      return { ...initialState, session: { phase: action.phase, user: null, reason: action.reason ?? null } };
    default:
      return state;
  }
}
