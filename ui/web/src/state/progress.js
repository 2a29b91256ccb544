// Which receipt the progress bar shows, and how far it is. Pure: the time is an argument.
// It never shows a stage that was not reported, and under bursts it lets a finished receipt be seen before the next.

export const STAGES = [
  { percent: 0, label: "Validating" },
  { percent: 20, label: "Building canonical" },
  { percent: 40, label: "Signing" },
  { percent: 60, label: "Sending to FDMS" },
  { percent: 80, label: "Verifying" },
  { percent: 100, label: "Completed" },
];
const SENDING = 60;
// The bar needs 180 ms to get there; then the finished state stays for 300 ms at least.
const HOLD = { completed: 480, waiting: 480, failed: 2500 };
const STALLED = 1500;
// Before it is sent a sale takes milliseconds: one that stands there was refused, and no message says so.
const PATIENCE = 3_000;
const AWAITED = 120_000;
const OUTCOMES = Object.freeze({
  "receipt.completed": "completed",
  "receipt.failed": "failed",
  "receipt.queued": "waiting",
});
const MOST_FLIGHTS = 32;

/** `flights`: receipts under way, oldest first. `dueAt`: when to look again though nothing arrives, or null. */
export const noProgress = Object.freeze({ flights: [], shownId: null, shownAt: 0, dueAt: null });

export function shownFlight(progress) {
  return progress.flights.find((flight) => flight.receiptId === progress.shownId) ?? null;
}

function stageAt(percent) {
  return STAGES.findLast((stage) => stage.percent <= percent) ?? STAGES[0];
}

/** Label of the stage a flight has really reached. */
export function stageLabel(flight) {
  if (flight.outcome === "waiting") return "Waiting for FDMS";
  if (flight.outcome === "failed") return "Failed";
  return flight.stage || stageAt(flight.percent).label;
}

function reasonOf(data) {
  const error = Array.isArray(data.validationErrors) ? data.validationErrors[0] : undefined;
  if (error?.advice) return error.code ? `${error.advice} (${error.code})` : error.advice;
  return error?.code ?? data.reason ?? null;
}

function changes(flight, message, now) {
  const { data } = message;
  const known = {
    receiptGlobalNo: data.receiptGlobalNo ?? flight.receiptGlobalNo,
    invoiceNo: data.invoiceNo ?? flight.invoiceNo,
    deviceID: message.deviceID ?? flight.deviceID,
    heardAt: now,
  };
  if (message.type === "receipt.progress") {
    const percent = Math.min(100, Math.max(0, Number(data.percent) || 0));
    // A further try of one that waits is no news until something has come of it.
    if (flight.outcome === "waiting" ? percent <= SENDING : percent < flight.percent) return known;
    return {
      ...known,
      percent,
      stage: data.stage ?? null,
      elapsedMs: data.elapsedMs ?? flight.elapsedMs,
      outcome: percent >= 100 ? "completed" : null,
      reason: null,
      settledAt: percent >= 100 ? now : null,
    };
  }
  const outcome = OUTCOMES[message.type];
  const percent =
    outcome === "completed" ? 100 : outcome === "waiting" ? Math.min(flight.percent, SENDING) : flight.percent;
  const settledAt = flight.outcome === outcome ? flight.settledAt : now;
  return { ...known, percent, outcome, stage: null, reason: reasonOf(data), settledAt };
}

const TAKEN_OFF = { percent: 0, stage: null, elapsedMs: null, outcome: null, reason: null, settledAt: null };

function withFlight(flights, message, now) {
  const { receiptId } = message.data;
  const place = flights.findIndex((flight) => flight.receiptId === receiptId);
  if (place === -1) {
    if (message.type !== "receipt.progress") return flights;
    const blank = { ...TAKEN_OFF, receiptId, receiptGlobalNo: null, invoiceNo: null, deviceID: null };
    return [...flights, { ...blank, ...changes(blank, message, now) }];
  }
  return flights.with(place, { ...flights[place], ...changes(flights[place], message, now) });
}

/** Until when a flight without news still counts as under way. */
function awaitedUntil(flight) {
  return flight.heardAt + (flight.percent < SENDING ? PATIENCE : AWAITED);
}

/** Waits until its current receipt was seen long enough, then moves to the newest one that is still under way. */
function choose(progress, now) {
  const flights = progress.flights.filter((flight) => flight.outcome !== null || now < awaitedUntil(flight));
  const shown = flights.find((flight) => flight.receiptId === progress.shownId);
  const newest = flights.findLast((flight) => flight.outcome === null) ?? flights.at(-1);
  if (!newest) return noProgress;
  if (shown === newest) return { ...progress, flights, dueAt: newest.outcome === null ? awaitedUntil(newest) : null };
  if (shown) {
    const freeAt = shown.outcome
      ? Math.max(shown.settledAt, progress.shownAt) + HOLD[shown.outcome]
      : shown.heardAt + STALLED;
    if (now < freeAt) return { ...progress, flights, dueAt: freeAt };
  }
  const dueAt = newest.outcome === null ? awaitedUntil(newest) : null;
  return { flights, shownId: newest.receiptId, shownAt: now, dueAt };
}

function pruned(progress) {
  const { flights, shownId } = progress;
  const last = flights.at(-1);
  const open = (flight) => flight.outcome === null || flight.outcome === "waiting";
  const kept = flights.filter((flight) => open(flight) || flight.receiptId === shownId || flight === last);
  const excess = kept.length - MOST_FLIGHTS;
  const bounded = excess > 0 ? kept.filter((flight, i) => i >= excess || flight.receiptId === shownId) : kept;
  return bounded.length === flights.length ? progress : { ...progress, flights: bounded };
}

/** After a `receipt.*` message. */
export function observe(progress, message, now) {
  if (!message.data?.receiptId || (message.type !== "receipt.progress" && !OUTCOMES[message.type])) return progress;
  const flights = withFlight(progress.flights, message, now);
  return flights === progress.flights ? progress : pruned(choose({ ...progress, flights }, now));
}

/** After time alone. */
export function lookAgain(progress, now) {
  return pruned(choose(progress, now));
}

/** After a break in the connection: what was under way is no longer known, the shown result stays. */
export function landAll(progress) {
  const shown = shownFlight(progress);
  if (!shown || shown.outcome === null) return noProgress;
  return { ...progress, flights: [shown], dueAt: null };
}
