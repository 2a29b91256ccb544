// What a screen that is on for years needs: a picture that moves a little, and a fresh start each night. Pure.

const STEPS = [[0, 0], [6, 2], [12, 6], [8, 12], [2, 8], [-4, 12], [-10, 8], [-12, 2], [-6, -4], [0, -8], [6, -6]];
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SHOP_OFFSET = 2 * HOUR;
const NIGHT = 3 * HOUR;
const DAY = 24 * HOUR;

/** {x, y} in px at a moment; another one each minute, never far from the middle. */
export function shiftAt(now) {
  const [x, y] = STEPS[Math.floor(now / MINUTE) % STEPS.length];
  return { x, y };
}

/** Milliseconds until the next 03:00 to 04:00 at the shop; `chance` 0..1 spreads the screens over the hour. */
export function msToNight(now, chance) {
  const sinceMidnight = (now + SHOP_OFFSET) % DAY;
  const wait = NIGHT + chance * HOUR - sinceMidnight;
  return wait > MINUTE ? wait : wait + DAY;
}
