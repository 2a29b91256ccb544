// A thing read from the till and read again when the live feed says that it changed: never by the clock alone.
import { useEffect, useRef, useState } from "react";

import { read } from "../services/reads.js";
import { share } from "../state/share.js";

/**
 * {data, error} of a path; null path reads nothing. A change of `urgent` reads at once, one of `loose` at the end of
 * `patience` ms. What did not change keeps its identity. Old data of another path is never shown.
 */
export function useResource(path, { urgent = null, loose = null, patience = 2_000 } = {}) {
  const [state, setState] = useState({ path: null, data: null, error: null });
  const timer = useRef(null);
  const asked = useRef({ path: null, urgent: null, number: 0 });

  useEffect(() => {
    if (path === null) return;
    const fetchNow = async () => {
      clearTimeout(timer.current);
      timer.current = null;
      asked.current.number += 1;
      const { number } = asked.current;
      let next;
      try {
        next = { data: await read(path), error: null };
      } catch (error) {
        next = { data: null, error };
      }
      if (number !== asked.current.number) return;
      setState((old) => {
        const known = old.path === path ? old.data : null;
        return { path, error: next.error, data: next.data === null ? known : share(known, next.data) };
      });
    };
    const first = asked.current.path !== path || asked.current.urgent !== urgent;
    asked.current = { ...asked.current, path, urgent };
    if (first) fetchNow();
    else timer.current ??= setTimeout(fetchNow, patience);
  }, [path, urgent, loose, patience]);

  useEffect(() => {
    const mine = asked.current;
    return () => {
      clearTimeout(timer.current);
      timer.current = null;
      asked.current = { path: null, urgent: null, number: mine.number + 1 };
    };
  }, []);

  return state.path === path ? state : { path, data: null, error: null };
}
