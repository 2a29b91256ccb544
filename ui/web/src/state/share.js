// Structural sharing: a new value that equals the old one is the old one, so what did not change does not re-render.
// Pure; works on JSON values only.

/** `next`, with every part that equals the same part of `previous` replaced by that part. */
export function share(previous, next) {
  if (Object.is(previous, next)) return previous;
  if (typeof previous !== "object" || typeof next !== "object" || previous === null || next === null) return next;
  if (Array.isArray(previous) !== Array.isArray(next)) return next;
  if (Array.isArray(next)) {
    const items = next.map((item, index) => share(previous[index], item));
    return previous.length === items.length && items.every((item, index) => Object.is(item, previous[index]))
      ? previous
      : items;
  }
  const keys = Object.keys(next);
  const shared = Object.fromEntries(keys.map((key) => [key, share(previous[key], next[key])]));
  const same =
    keys.length === Object.keys(previous).length &&
    keys.every((key) => Object.hasOwn(previous, key) && Object.is(shared[key], previous[key]));
  return same ? previous : shared;
}
