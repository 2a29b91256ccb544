// Gives every component the dashboard's state through React Context. The context's value never changes, so nothing
// re-renders because of it; a component reads the part it shows with `useDashboard(selector)` and re-renders for that.
import { createContext, useContext, useEffect, useState, useSyncExternalStore } from "react";

import * as api from "../services/api.js";
import { createLink, socketUrl } from "../services/websocket.js";
import { initialState, reduce } from "../state/reducer.js";
import { createSession } from "../state/session.js";
import { tokenOf } from "../state/screenToken.js";
import { createStore } from "../state/store.js";

const DashboardContext = createContext(null);

function assemble() {
  const store = createStore(reduce, initialState);
  const token = tokenOf(window.location);
  const openLink = (callbacks) => createLink({ url: socketUrl(window.location), token, ...callbacks });
  return { store, session: createSession({ api: { ...api, me: () => api.me(token) }, openLink, store }) };
}

/** `parts` ({store, session}) is for tests; the page makes its own. */
export function DashboardProvider({ parts, children }) {
  const [value] = useState(() => parts ?? assemble());
  useEffect(() => {
    value.session.start();
    return () => {
      value.session.stop();
      value.store.stop();
    };
  }, [value]);
  return <DashboardContext.Provider value={value}>{children}</DashboardContext.Provider>;
}

/** The selected part of the state. `selector` must return the same reference while its part is the same. */
export function useDashboard(selector) {
  const { store } = useContext(DashboardContext);
  return useSyncExternalStore(store.subscribe, () => selector(store.getState()));
}

/** {signIn, signOut, signOutEverywhere, checkAgain, tryNow}. */
export function useSession() {
  return useContext(DashboardContext).session;
}
