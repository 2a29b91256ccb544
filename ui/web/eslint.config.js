// Lint rules of the dashboard: hooks, accessibility, and no way to turn text from outside into markup.
import js from "@eslint/js";
import a11y from "eslint-plugin-jsx-a11y";
import react from "eslint-plugin-react";
import hooks from "eslint-plugin-react-hooks";
import globals from "globals";

export default [
  { ignores: ["node_modules/"] },
  js.configs.recommended,
  react.configs.flat.recommended,
  react.configs.flat["jsx-runtime"],
  hooks.configs.flat.recommended,
  a11y.flatConfigs.strict,
  {
    files: ["**/*.{js,jsx,mjs}"],
    languageOptions: {
      ecmaVersion: 2024,
      sourceType: "module",
      globals: globals.browser,
      parserOptions: { ecmaFeatures: { jsx: true } },
    },
    settings: { react: { version: "19.3" } },
    rules: {
      "react/prop-types": "off",
      "react/no-danger": "error",
      "react/jsx-no-target-blank": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-restricted-globals": ["error", "XMLHttpRequest", "setInterval"],
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: "Text from outside is text: use text nodes." },
        { property: "outerHTML", message: "Text from outside is text: use text nodes." },
      ],
      "max-lines": ["error", { max: 400, skipBlankLines: false }],
      eqeqeq: ["error", "smart"],
    },
  },
  { files: ["scripts/**", "e2e/**", "*.config.js"], languageOptions: { globals: globals.node } },
  { files: ["tests/**"], languageOptions: { globals: { ...globals.browser, ...globals.node } } },
];
