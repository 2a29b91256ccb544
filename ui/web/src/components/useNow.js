// The time, again and again, for components that show an age. Each keeps its own beat; none asks the till anything.
import { useEffect, useState } from "react";

/** Milliseconds now, renewed every `every` ms while `active`. */
export function useNow(every, active = true) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!active) return undefined;
    let timer = null;
    const beat = () => {
      setNow(Date.now());
      timer = setTimeout(beat, every);
    };
    timer = setTimeout(beat, 0);
    return () => clearTimeout(timer);
  }, [every, active]);
  return now;
}
