// The token in the address of a screen on the wall. Pure.

/** The token of a screen's own address, "/tv#token=…", or null. */
export function tokenOf({ pathname, hash }) {
  if (pathname !== "/tv") return null;
  const [, token] = /^#token=([\w.~+/=-]{1,4000})$/.exec(hash) ?? [];
  return token ?? null;
}
