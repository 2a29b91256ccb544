// Which part of the page the address names, so that every look at something has a link: #/devices/1, #/receipts/x,
// #/days/2026-11-20, #/alerts/open. Knows the address only, no component.
import { useSyncExternalStore } from "react";

const KINDS = ["devices", "receipts", "days", "alerts"];

/** {kind: "devices" | "receipts" | "days" | "alerts", id} of a fragment, or null. */
export function routeOf(hash) {
  const [, kind, raw] = /^#\/(\w+)\/([^/]{1,100})$/.exec(hash) ?? [];
  if (!KINDS.includes(kind)) return null;
  let id;
  try {
    id = decodeURIComponent(raw);
  } catch {
    return null;
  }
  if (kind === "days" && !/^\d{4}-\d\d-\d\d$/.test(id)) return null;
  if (kind === "devices" && !/^\d{1,18}$/.test(id)) return null;
  return { kind, id };
}

export const hashOf = (kind, id) => `#/${kind}/${encodeURIComponent(id)}`;

function onChange(told) {
  window.addEventListener("hashchange", told);
  return () => window.removeEventListener("hashchange", told);
}

/** The fragment; renewed when it changes. */
export function useHash() {
  return useSyncExternalStore(onChange, () => window.location.hash);
}

/** Goes to a fragment; "" is the live page. */
export function go(hash) {
  if (hash !== "") window.location.hash = hash;
  else if (window.location.hash !== "") {
    window.history.pushState(null, "", window.location.pathname + window.location.search);
    window.dispatchEvent(new Event("hashchange"));
  }
}
