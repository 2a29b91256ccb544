// Holds the state and tells its readers. Socket messages are gathered and applied once per animation frame, so fifty
// events a second are at most one render a frame. It must not know what the messages mean.

const HIDDEN_PAGE_MS = 250;

/** {getState, subscribe, dispatch, receive, stop}. `reduce` is pure; `now` gives milliseconds. */
export function createStore(reduce, initialState, { now = () => Date.now() } = {}) {
  let state = initialState;
  let waiting = [];
  let frame = null;
  let timer = null;
  let lookTimer = null;
  const readers = new Set();

  function publish(next) {
    if (next === state) return;
    state = next;
    planLook();
    readers.forEach((reader) => reader());
  }

  function planLook() {
    clearTimeout(lookTimer);
    const dueAt = state.progress?.dueAt ?? null;
    if (dueAt === null) return;
    lookTimer = setTimeout(() => dispatch({ type: "look", now: now() }), Math.max(0, dueAt - now()));
  }

  function forgetFrame() {
    if (frame !== null) cancelAnimationFrame(frame);
    clearTimeout(timer);
    frame = null;
    timer = null;
  }

  function flush() {
    forgetFrame();
    if (waiting.length === 0) return;
    const messages = waiting;
    waiting = [];
    publish(reduce(state, { type: "messages", messages, now: now() }));
  }

  function dispatch(action) {
    flush();
    publish(reduce(state, action));
  }

  function receive(message) {
    waiting.push(message);
    if (timer !== null) return;
    // A page in the background gets no animation frames; the timer makes sure that nothing piles up.
    frame = requestAnimationFrame(flush);
    timer = setTimeout(flush, HIDDEN_PAGE_MS);
  }

  return {
    getState: () => state,
    subscribe(reader) {
      readers.add(reader);
      return () => readers.delete(reader);
    },
    dispatch,
    receive,
    stop() {
      forgetFrame();
      clearTimeout(lookTimer);
      waiting = [];
    },
  };
}
