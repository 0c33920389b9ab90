import { describe, expect, it } from "vitest";
import { apply } from "@/parts/documents/changes";
import { passageOf } from "@/parts/documents/passageOf";
import { saying } from "@/parts/documents/saying";
import { behindLast, isBacked, ofKind, patternFor, patternsOf, shifted, type Persona, type Trait } from "@/rooms/personas/persona";

const trait = (id: string, order: string, kind = "goal"): Trait => ({ id, order, kind, text: id });
const persona = (...traits: Trait[]): Persona => ({ id: "it", language: "de", languages: ["en"], traits: Object.fromEntries(traits.map((one) => [one.id, one])) });
const names = (of: Persona, kind = "goal") => ofKind(of, kind).map((one) => one.id).join("");

describe("the order of traits", () => {
  const start = persona(trait("a", "B"), trait("x", "C", "pain"), trait("b", "D"), trait("c", "F"));

  it("changes by one place within its kind, and ends at its ends", () => {
    const by = (id: string, step: -1 | 1) => {
      const change = shifted(start, start.traits![id]!, step);
      return change ? names(apply(start, change)) : null;
    };
    expect([by("a", 1), by("b", 1), by("b", -1), by("c", -1)]).toEqual(["bac", "acb", "bac", "acb"]);
    expect([by("a", -1), by("c", 1), by("x", 1), by("x", -1)]).toEqual([null, null, null, null]);
  });

  it("holds over many moves, whatever they are", () => {
    let now = start;
    const said = ["a", "b", "c"];
    for (let turn = 0; turn < 60; turn += 1) {
      const id = said[turn % 3]!;
      const step = turn % 2 ? 1 : -1;
      const before = names(now).split("");
      const change = shifted(now, now.traits![id]!, step);
      if (!change) continue;
      now = apply(now, change);
      const at = before.indexOf(id);
      [before[at], before[at + step]] = [before[at + step]!, before[at]!];
      expect(names(now)).toBe(before.join(""));
    }
  });

  it("puts a new one behind the last of its kind", () => {
    const added = apply(start, { do: "add", collection: "traits", thing: trait("n", behindLast(start, "goal")) });
    expect(names(added)).toBe("abcn");
    expect(behindLast(persona(), "goal")).not.toBe("");
  });
});

it("a trait is backed by evidence or by where it comes from, a hypothesis and a workshop alone back nothing", () => {
  expect(["hypothesis", "co-creation", undefined, "interview", "survey", "data"].map((provenance) => isBacked({ ...trait("a", ""), provenance }))).toEqual([false, false, false, true, true, true]);
  expect(isBacked({ ...trait("a", ""), evidence: { r: { ref: "r" } } })).toBe(true);
});

it("a text is written in the language that is read: as a translation where the document has that language, else as its own", () => {
  const one = trait("a", "B");
  expect(saying(persona(one), "traits", one, "text", "en", "Sleep")).toEqual({ do: "translate", collection: "traits", id: "a", language: "en", field: "text", text: "Sleep" });
  expect(saying(persona(one), "traits", one, "text", "de", "Schlafen")).toMatchObject({ do: "set", path: ["text"], value: "Schlafen" });
  const german: Persona = { id: "it", language: "de", traits: {} };
  expect(saying(german, "traits", one, "text", "en", "Sleep")).toMatchObject({ do: "set", path: ["text"] });
  expect(saying(german, "traits", { ...one, translations: { en: { text: "Rest" } } }, "text", "en", "Sleep")).toMatchObject({ do: "translate" });
  expect(saying(persona(), "", null, "title", "en", "Head of IT")).toEqual({ do: "translate", collection: "", id: "", language: "en", field: "title", text: "Head of IT" });
});

it("words with bars between are several patterns, a pattern with brackets of its own stays whole, and a title is escaped", () => {
  expect(patternsOf("it-leit| head of it |")).toEqual(["it-leit", "head of it"]);
  expect(patternsOf("(a|b) c")).toEqual(["(a|b) c"]);
  expect(patternsOf(["a|b", "c"])).toEqual(["a|b", "c"]);
  expect(patternsOf(undefined)).toEqual([]);
  expect(new RegExp(patternFor("Leiter (m/w/d) C++"), "i").test("Leiter (m/w/d) C++")).toBe(true);
  expect(new RegExp(patternFor("C++"), "i").test("CCC")).toBe(false);
});

it("an address of an interview leads to its passage, a moment to the interview, anything else nowhere", () => {
  expect(passageOf("interview:int-07#p3")).toEqual({ interview: "int-07", passage: "p3" });
  expect(passageOf("interview:int-07#t=412")).toEqual({ interview: "int-07", passage: "" });
  expect(passageOf("survey:nps")).toBeNull();
});
