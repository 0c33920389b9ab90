import { describe, expect, it } from "vitest";
import { apply } from "@/parts/documents/changes";
import { sorted } from "@/parts/documents/things";
import { changesOf, draftOf, languagesOf, moved, optionsOf, type Survey } from "@/rooms/surveys/survey";

const SURVEY: Survey = {
  id: "s", language: "de", languages: ["en"],
  questions: {
    first: { id: "first", order: "1", text: "Wie zufrieden?", instrument: "csat", low_label: "gar nicht", translations: { en: { text: "How satisfied?" } } },
    second: { id: "second", order: "2", text: "Warum?" },
    third: { id: "third", order: "3", text: "Wo?", instrument: "choice", options: ["Messe", "Suche"] },
  },
};
const after = (changes: Parameters<typeof apply>[1][]) => changes.reduce((survey, change) => apply(survey, change), SURVEY);
const draft = (id: string) => draftOf(SURVEY.questions![id]!, languagesOf(SURVEY));

describe("the form of a question", () => {
  it.each(["first", "second", "third"])("changes nothing of %s where nothing was typed", (id) => {
    expect(changesOf(draft(id), SURVEY.questions![id]!, SURVEY)).toEqual([]);
  });

  it("keeps each language apart, and takes away what was emptied", () => {
    const given = draft("first");
    given.texts.de!.text = "Wie zufrieden sind Sie?";
    given.texts.de!.low_label = "";
    given.texts.en!.text = "";
    given.texts.en!.high_label = "very";
    const found = after(changesOf(given, SURVEY.questions!.first!, SURVEY)).questions!.first!;
    expect([found.text, found.low_label ?? null, found.translations!.en]).toEqual(["Wie zufrieden sind Sie?", null, { high_label: "very" }]);
  });

  it("leaves no scale behind a question that has none, and no options behind one that is no choice", () => {
    const scaled = after(changesOf({ ...draft("first"), low: "1", high: "7" }, SURVEY.questions!.first!, SURVEY));
    expect([scaled.questions!.first!.low, scaled.questions!.first!.high]).toEqual([1, 7]);
    const given = { ...draftOf(scaled.questions!.first!, ["de", "en"]), instrument: "nps" };
    expect(changesOf(given, scaled.questions!.first!, scaled).map((one) => (one.do === "set" ? [one.path[0], one.absent ?? false] : []))).toEqual([["instrument", false], ["low", true], ["high", true]]);
    const free = after(changesOf({ ...draft("third"), instrument: "text" }, SURVEY.questions!.third!, SURVEY));
    expect(free.questions!.third!.options ?? []).toEqual([]);
  });

  it("puts a new question behind the last, with what was said of it alone", () => {
    const given = draftOf(null, ["de", "en"]);
    given.texts.de!.text = "Und sonst?";
    const [change] = changesOf({ ...given, instrument: "text" }, null, SURVEY);
    const found = sorted(after([change!]).questions).at(-1)!;
    expect({ ...found, id: "", order: "" }).toEqual({ id: "", order: "", text: "Und sonst?" });
  });

  it("takes each option once, without its blanks", () => {
    expect(optionsOf(" Messe \n\nSuche\nMesse")).toEqual(["Messe", "Suche"]);
  });
});

describe("the order of questions", () => {
  const order = (survey: Survey) => sorted(survey.questions).map((one) => one.id);
  it.each([
    ["first", 1, ["second", "first", "third"]], ["third", -1, ["first", "third", "second"]], ["first", -1, ["first", "second", "third"]], ["third", 1, ["first", "second", "third"]],
  ] as const)("moves %s by %i", (id, by, expected) => {
    expect(order(after(moved(SURVEY, id, by)))).toEqual([...expected]);
  });
});
