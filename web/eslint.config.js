import js from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import { readdirSync } from "node:fs";
import tseslint from "typescript-eslint";

/** The floors of the page, lowest first: a file imports from its own floor and from those below it. */
const FLOORS = ["theme", "words", "wire", "parts", "rooms", "shell"];
const ROOMS = readdirSync(new URL("./src/rooms", import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

const message = (floor) => `${floor}/ stands higher: what both need belongs further down.`;

const floors = FLOORS.slice(0, -1).map((floor, at) => ({
  files: [`src/${floor}/**/*.{ts,tsx}`],
  ignores: floor === "rooms" ? ["src/rooms/*/**"] : [],
  rules: {
    "no-restricted-imports": [
      "error",
      { patterns: FLOORS.slice(at + 1).map((above) => ({ group: [`@/${above}/*`, `**/${above}/*`], message: message(above) })) },
    ],
  },
}));

const rooms = ROOMS.map((room) => ({
  files: [`src/rooms/${room}/**/*.{ts,tsx}`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          { group: ["@/shell/*", "**/shell/*"], message: message("shell") },
          {
            group: ROOMS.filter((other) => other !== room).flatMap((other) => [`@/rooms/${other}/*`, `../${other}/*`]),
            message: "Rooms do not know each other: what both need belongs into parts/.",
          },
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ["node_modules", "src/wire/openapi.ts"] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    plugins: { "react-hooks": hooks },
    rules: {
      "react-hooks/rules-of-hooks": "error",
      "react-hooks/exhaustive-deps": "error",
      "@typescript-eslint/no-non-null-assertion": "off",
      "no-console": "error",
      "no-eval": "error",
    },
  },
  { files: ["*.config.js"], languageOptions: { globals: { URL: "readonly" } } },
  ...floors,
  ...rooms,
);
