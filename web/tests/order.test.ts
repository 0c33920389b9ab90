import { describe, expect, it } from "vitest";
import { between, following } from "@/parts/documents/order";

describe("places in a list", () => {
  it("lie between their neighbours, however often one inserts", () => {
    const keys = ["V"];
    let seed = 7;
    for (let round = 0; round < 800; round += 1) {
      seed = (seed * 48271) % 2147483647;
      const at = seed % (keys.length + 1);
      const key = between(keys[at - 1] ?? null, keys[at] ?? null);
      if (keys[at - 1]) expect(key > keys[at - 1]!).toBe(true);
      if (keys[at]) expect(key < keys[at]!).toBe(true);
      expect(key.endsWith("0")).toBe(false);
      keys.splice(at, 0, key);
    }
  });

  it("stay short when one appends a thousand times", () => {
    const keys = following(null, 1000);
    expect([...keys].sort()).toEqual(keys);
    expect(Math.max(...keys.map((key) => key.length))).toBeLessThan(6);
  });

  it("are those of the server", () => {
    expect(between(null, null)).toBe("V");
    expect(between("V", null)).toBe("V01");
    expect(between("7k", "FU")).toBe("B");
    expect(between(null, "7k")).toBe("3");
  });
});
