// How long to wait before the next try: full jitter between 0 and a ceiling that doubles from 0.5 s to 30 s.
// Pure but for its own count; the source of chance is an argument.

export const FIRST_CEILING = 500;
export const LAST_CEILING = 30_000;

export function createBackoff(random = Math.random) {
  let tries = 0;
  return {
    next() {
      const ceiling = Math.min(LAST_CEILING, FIRST_CEILING * 2 ** tries);
      tries += 1;
      return Math.round(random() * ceiling);
    },
    reset() {
      tries = 0;
    },
  };
}
