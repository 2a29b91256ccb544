// The time, again and again, for components that show an age. Each keeps its own beat; none asks the till anything.
import { useCallback, useSyncExternalStore } from "react";

/** Milliseconds now, in steps of `every`; renewed by itself while `active`, and right whenever it is read. */
export function useNow(every, active = true) {
  const subscribe = useCallback(
    (told) => {
      if (!active) return () => undefined;
      let timer = null;
      const beat = () => {
        timer = setTimeout(beat, every - (Date.now() % every));
        told();
      };
      beat();
      return () => clearTimeout(timer);
    },
    [every, active],
  );
  return useSyncExternalStore(subscribe, () => Math.floor(Date.now() / every) * every);
}
