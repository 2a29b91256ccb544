// The activity feed as data: lasting events, newest first, each once, at most 500. Pure; knows no component.

export const FEED_LIMIT = 500;
const TRANSIENT = ["hello", "receipt.progress", "metrics.updated"];
const LASTING = /^(receipt|fiscal|device|certificate|clock|alert)\./;

/** Whether a message is a fact that is kept (it has a sequence number of its own and is replayed). */
export function isLasting(message) {
  return !TRANSIENT.includes(message.type) && LASTING.test(message.type) && Number.isFinite(message.seq);
}

function placeOf(feed, seq) {
  let low = 0;
  let high = feed.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (feed[middle].seq > seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The feed with `events` merged in by sequence number. Duplicates are dropped; order of arrival does not matter.
 * `fresh` marks rows that happened while the reader looked on. Returns the same array when nothing was new.
 */
export function mergeEvents(feed, events, fresh = false) {
  let merged = feed;
  for (const event of events) {
    if (!isLasting(event)) continue;
    const place = placeOf(merged, event.seq);
    if (merged[place]?.seq === event.seq || place >= FEED_LIMIT) continue;
    if (merged === feed) merged = feed.slice();
    merged.splice(place, 0, fresh ? { ...event, fresh } : event);
  }
  if (merged.length > FEED_LIMIT) merged.length = FEED_LIMIT;
  return merged;
}

export const FILTERS = [
  { id: "all", label: "All" },
  { id: "receipts", label: "Receipts" },
  { id: "attention", label: "Problems" },
  { id: "days", label: "Fiscal days" },
  { id: "devices", label: "Devices" },
];

/** Whether an event with its reading ({level, sentence}) passes the chosen filter and the typed text. */
export function passes(event, reading, filter, text) {
  const wanted =
    filter === "all" ||
    (filter === "receipts" && event.type.startsWith("receipt.")) ||
    (filter === "attention" && reading.level !== "ok" && reading.level !== "plain") ||
    (filter === "days" && event.type.startsWith("fiscal.")) ||
    (filter === "devices" && /^(device|certificate|clock)\./.test(event.type));
  if (!wanted) return false;
  const needle = text.trim().toLowerCase();
  if (needle === "") return true;
  return `${reading.sentence} ${reading.amount} ${event.data?.saleId ?? ""} ${event.deviceID ?? ""}`
    .replaceAll("\u00a0", " ")
    .toLowerCase()
    .includes(needle);
}

/**
 * Rows to show: neighbours that say the same (`reading.repeat` is equal and not null) become one row with a count.
 * `items` are {event, reading}, newest first; a row is {key, event, reading, times, from}: `from` is the oldest.
 * The key is the oldest event's seq, so a growing row keeps its place.
 */
export function foldRepeats(items) {
  const rows = [];
  for (const { event, reading } of items) {
    const last = rows.at(-1);
    if (last && reading.repeat !== null && last.reading.repeat === reading.repeat) {
      last.times += 1;
      last.from = event.at;
      last.key = event.seq;
    } else {
      rows.push({ key: event.seq, event, reading, times: 1, from: event.at });
    }
  }
  return rows;
}
