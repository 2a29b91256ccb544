// Light or dark: by the system until the reader chooses, then by choice, kept on this device.
// It must not know any colour: it only marks the root element.
import { createContext, useCallback, useContext, useMemo, useState, useSyncExternalStore } from "react";

const KEY = "fiscalmon.theme";
const CHOICES = ["system", "light", "dark"];
const ThemeContext = createContext(null);

function kept() {
  try {
    const choice = localStorage.getItem(KEY);
    return CHOICES.includes(choice) ? choice : "system";
  } catch {
    return "system";
  }
}

function mark(choice) {
  if (choice === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
}

function keep(choice) {
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // A browser that keeps nothing still shows the theme until the page is closed.
  }
}

const darkSystem = () => window.matchMedia("(prefers-color-scheme: dark)");

function onSystemChange(told) {
  const query = darkSystem();
  query.addEventListener("change", told);
  return () => query.removeEventListener("change", told);
}

/** Call before the first render, so that the page never shows the other theme first. */
export function markKeptTheme() {
  mark(kept());
}

export function ThemeProvider({ children }) {
  const [choice, setChoice] = useState(kept);
  const systemIsDark = useSyncExternalStore(onSystemChange, () => darkSystem().matches);
  const choose = useCallback((next) => {
    mark(next);
    keep(next);
    setChoice(next);
  }, []);
  const scheme = choice === "system" ? (systemIsDark ? "dark" : "light") : choice;
  const value = useMemo(() => ({ choice, scheme, choose }), [choice, scheme, choose]);
  return <ThemeContext.Provider value={value}>{children}</ThemeContext.Provider>;
}

/** {choice: system|light|dark, scheme: light|dark, choose(choice)}. */
export function useTheme() {
  return useContext(ThemeContext);
}
