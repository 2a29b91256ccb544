// Turns resources/tokens.json into what the dashboard needs of it: CSS variables, named media queries and the
// browser bar's colour. It must not know any component; no other file of the dashboard names a colour.
import { readFileSync } from "node:fs";

const CSS_ID = "virtual:tokens.css";
const JS_ID = "virtual:tokens";

function dashed(name) {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function colourLines(colours, shadow, { raised, veil }) {
  const lines = [];
  for (const [name, value] of Object.entries(colours)) {
    if (Array.isArray(value)) {
      value.forEach((colour, index) => lines.push(`--${dashed(name)}-${index + 1}: ${colour};`));
    } else {
      lines.push(`--${dashed(name)}: ${value};`);
    }
  }
  lines.push(`--shadow: ${shadow};`, `--raised: ${raised};`, `--veil: ${veil};`);
  return lines;
}

/** In units of the root's type, so that a screen with larger type has larger everything. */
const rem = (px) => `${px / 16}rem`;

function sizeLines(tokens) {
  const quoted = (names) => names.map((name) => (name.includes(" ") ? `"${name}"` : name)).join(", ");
  return [
    `--font: ${quoted(tokens.type.family)};`,
    `--mono: ${quoted(tokens.type.mono)};`,
    ...Object.entries(tokens.type.sizes).map(([name, px]) => `--size-${name}: ${rem(px)};`),
    ...Object.entries(tokens.type.weights).map(([name, weight]) => `--weight-${name}: ${weight};`),
    ...Object.entries(tokens.type.lineHeight).map(([name, ratio]) => `--leading-${name}: ${ratio};`),
    ...Object.entries(tokens.space).map(([name, px]) => `--space-${dashed(name)}: ${rem(px)};`),
    ...Object.entries(tokens.radii).map(([name, px]) => `--radius-${name}: ${rem(px)};`),
    ...Object.entries(tokens.motion).map(([name, ms]) => `--motion-${dashed(name)}: ${ms}ms;`),
    `--target: ${rem(tokens.target.web)};`,
    `--target-touch: ${rem(tokens.target.till)};`,
    `--max-width: ${rem(tokens.layout.maxWidth)};`,
  ];
}

/** The style sheet of variables: light by default, dark by system or by `data-theme` on the root element. */
export function tokensToCss(tokens) {
  const light = colourLines(tokens.colors.light, tokens.shadow.light, tokens.overlay.light).join("");
  const dark = colourLines(tokens.colors.dark, tokens.shadow.dark, tokens.overlay.dark).join("");
  return [
    `:root{${sizeLines(tokens).join("")}}`,
    `:root{color-scheme:light;${light}}`,
    `@media (prefers-color-scheme: dark){:root:not([data-theme="light"]){color-scheme:dark;${dark}}}`,
    `:root[data-theme="dark"]{color-scheme:dark;${dark}}`,
  ].join("\n");
}

/** `@media (--phone)` and its sisters become real queries, since CSS variables do not work inside them. */
export function resolveMedia(css, layout) {
  const queries = {
    "--phone": `(max-width: ${layout.phone - 1}px)`,
    "--tablet": `(max-width: ${layout.tablet - 1}px)`,
  };
  return css.replace(/\((--phone|--tablet)\)/g, (_, name) => queries[name]);
}

/** The Vite plugin. `file` is the URL of tokens.json. */
export function designTokens(file) {
  const read = () => JSON.parse(readFileSync(file, "utf8"));
  return {
    name: "design-tokens",
    enforce: "pre",
    resolveId(id) {
      return id === CSS_ID || id === JS_ID ? `\0${id}` : null;
    },
    load(id) {
      if (id === `\0${CSS_ID}`) return tokensToCss(read());
      if (id === `\0${JS_ID}`) return `export const motion = ${JSON.stringify(read().motion)};`;
      return null;
    },
    transform(code, id) {
      return id.endsWith(".css") && code.includes("(--") ? { code: resolveMedia(code, read().layout), map: null } : null;
    },
    transformIndexHtml() {
      const { light, dark } = read().colors;
      const bar = (scheme, content) => ({
        tag: "meta",
        attrs: { name: "theme-color", media: `(prefers-color-scheme: ${scheme})`, content },
        injectTo: "head",
      });
      return [bar("light", light.canvas), bar("dark", dark.canvas)];
    },
  };
}
