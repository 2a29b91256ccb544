// The till was updated under an open page: the page loads itself anew once; where that did not help, it says so.
import { useEffect } from "react";

import { useDashboard } from "../context/DashboardContext.jsx";
import { Icon } from "./Icon.jsx";

const KEY = "fiscalmon.loadedFor";
const OURS = import.meta.env.VITE_TILL_VERSION;

function loadedFor(version) {
  try {
    if (sessionStorage.getItem(KEY) === version) return true;
    sessionStorage.setItem(KEY, version);
    return false;
  } catch {
    return true;
  }
}

export function VersionBanner() {
  const theirs = useDashboard((state) => state.version);
  const other = theirs !== null && theirs !== OURS;
  useEffect(() => {
    if (other && !loadedFor(theirs)) window.location.reload();
  }, [other, theirs]);
  if (!other) return null;
  return (
    <div className="banner ground ground--attention" role="alert">
      <Icon name="attention" size={20} />
      <p className="banner__text"><strong>The till has another version.</strong> It is {theirs}, this page is {OURS}; some numbers may be missing here.</p>
      <button type="button" className="button" onClick={() => window.location.reload()}>Load again</button>
    </div>
  );
}
