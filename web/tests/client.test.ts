// @vitest-environment node
import { readFileSync } from "node:fs";
import { join } from "node:path";
import openapiTS, { astToString } from "openapi-typescript";
import { expect, it } from "vitest";

it("the generated client is that of openapi.json; `npm run client` makes it anew", async () => {
  const made = astToString(await openapiTS(new URL("../openapi.json", import.meta.url)));
  const kept = readFileSync(join(__dirname, "../src/wire/openapi.ts"), "utf8");
  const bare = (text: string) => text.replace(/\/\*\*\n \* This file was auto-generated[\s\S]*?\*\/\n/, "").trim();
  expect(bare(kept) === bare(made), "openapi.json and src/wire/openapi.ts differ: run `npm run client` in web/").toBe(true);
});
