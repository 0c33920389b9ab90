import { describe, expect, it } from "vitest";
import { kindOptions, meaningOptions, tableOptions } from "@/words/imports";

describe("the mapping assistant", () => {
  it.each(["de", "en"] as const)("has words in %s for every kind of row, event and column that an import knows", (language) => {
    for (const options of [tableOptions(language), kindOptions(language), meaningOptions(language)]) {
      expect(options.length).toBeGreaterThan(5);
      expect(options.filter(({ value, label }) => label === value && /_|^[a-z]/.test(label)).map(({ value }) => value)).toEqual([]);
      expect(new Set(options.map(({ label }) => label)).size).toBe(options.length);
    }
  });
});
