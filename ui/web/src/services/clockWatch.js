// Notices that the clock went another way than the timers: the machine slept, or somebody set the clock.
// It must not know what follows from that.

const EVERY = 5_000;
const TOLERATED = 10_000;
// Timers of a page in the background come once a minute.
const TOLERATED_HIDDEN = 150_000;

/** {start, stop}. `onJump(ms)` gets by how much the clock is off, forward or back. */
export function createClockWatch(onJump, page = window) {
  let timer = null;
  let last = 0;

  function look() {
    const now = Date.now();
    const jumped = now - last - EVERY;
    const hidden = page.document.visibilityState !== "visible";
    last = now;
    timer = setTimeout(look, EVERY);
    if (Math.abs(jumped) > (hidden && jumped > 0 ? TOLERATED_HIDDEN : TOLERATED)) onJump(jumped);
  }

  return {
    start() {
      clearTimeout(timer);
      last = Date.now();
      timer = setTimeout(look, EVERY);
    },
    stop() {
      clearTimeout(timer);
      timer = null;
    },
  };
}
