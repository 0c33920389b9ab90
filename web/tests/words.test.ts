import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inLanguage } from "@/parts/draw";
import { amount, range } from "@/words/figures";
import { say, speak } from "@/words/i18n";
import { number, share, money, days } from "@/words/numbers";
import { anyTerm, columnName, ruleName } from "@/words/terms";
import { TEXTS } from "@/words/texts";

const SOURCE = join(__dirname, "../src");
const texts = Object.entries(TEXTS) as [string, readonly [string, string]][];

function sources(folder = SOURCE): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return name === "texts" ? [] : sources(path);
    return /\.tsx?$/.test(name) && name !== "openapi.ts" ? [readFileSync(path, "utf8")] : [];
  });
}

const code = sources().join("\n");

describe("the texts", () => {
  it("say the same in both languages: no empty text, the same values, the same forms", () => {
    const values = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((found) => found[1]).filter((name, at, all) => all.indexOf(name) === at).sort();
    for (const [key, [german, english]] of texts) {
      expect(german.trim(), key).not.toBe("");
      expect(english.trim(), key).not.toBe("");
      expect(values(german), key).toEqual(values(english));
    }
  });

  it("have two forms only where a number chooses between them", () => {
    const forms = texts.filter(([, pair]) => pair.some((text) => text.includes("|")));
    expect(forms.filter(([, pair]) => !pair.every((text) => text.split("|").length === 2 && /\{\{(n|shown|k)\}\}|^(1|ein|one|a) |\b(1|ein|eine|one|a)\b/i.test(text))).map(([key]) => key)).toEqual([]);
  });

  it("are all used: none stands in the file that no page says", () => {
    const built = [...code.matchAll(/`(\w*)\$\{[^}]+\}(\w*)`/g)].map((found) => new RegExp(`^${found[1]}.+${found[2]}$`)).filter((pattern) => pattern.source.length > 6);
    const unused = texts.map(([key]) => key).filter((key) => !code.includes(`"${key}"`) && !built.some((pattern) => pattern.test(key)));
    expect(unused).toEqual([]);
  });

  it("follow the language at once, with forms for one and many", () => {
    speak("de");
    expect(say("cards_n", { n: 1 })).toBe("1 Karte");
    speak("en");
    expect(say("cards_n", { n: 3 })).toBe("3 cards");
    expect(document.documentElement.lang).toBe("en");
  });

  it("address German readers with Sie", () => {
    const familiar = texts.filter(([, [german]]) => /\b(du|dein|deine|dir|dich)\b/i.test(german)).map(([key]) => key);
    expect(familiar).toEqual([]);
  });
});

describe("numbers", () => {
  it("are written as the language does, alike on page and in print", () => {
    expect(number(1234.5, "de")).toBe("1.235");
    expect(number(12.34, "de")).toBe("12,3");
    expect(number(-0.5, "en")).toBe("\u22120.5");
    expect(share(0.684, "de")).toBe("68\u00a0%");
    expect(share(0.684, "en")).toBe("68%");
    expect(money(120000, "EUR", "de")).toBe("120.000\u00a0€");
    expect(money(120000, "EUR", "en")).toBe("€120,000");
    expect(days(19.4, "de")).toBe("19\u00a0T");
    expect(number(null, "de")).toBe("–");
  });

  it("carry their interval, open ends included", () => {
    speak("de");
    expect(amount(0.85, "share", "de")).toBe("85\u00a0%");
    expect(range({ value: 0.85, low: 0.8, high: 0.89, n: 248 }, "share", "de")).toBe("80–89");
    expect(range({ value: 20, low: 12, high: null, n: 40 }, "days", "de")).toBe("≥\u00a012");
  });
});

describe("a drawing", () => {
  it("calls a stage and the kinds it belongs to as everywhere", () => {
    const drawn = inLanguage({ data: { values: [{ what: "decision (first_purchase, win_back)" }] } }, "de") as { data: { values: { what: string }[] } };
    expect(drawn.data.values[0]?.what).toBe("Entscheidung (Erstkauf, Rückgewinnung)");
  });
});

describe("the files of rules", () => {
  it("have German names, and one of the workspace's own keeps its name", () => expect(["stages", "identity", "own-rules"].map((name) => ruleName(name, "de"))).toEqual(["Phasen", "Wer ist wer", "own-rules"]));
});

describe("something without a name", () => {
  it("is called by its id, in the reader's language", () => expect([anyTerm("(no name) 0c1e7f40", "de"), anyTerm("(no name) 0c1e7f40", "en")]).toEqual(["(ohne Namen) 0c1e7f40", "(no name) 0c1e7f40"]));
});

describe("the audit log", () => {
  it("has German headings", () => expect(["when", "who", "what", "done_to", "detail"].map((name) => columnName(name, "de"))).toEqual(["Wann", "Wer", "Was", "Woran", "Einzelheiten"]));
});
