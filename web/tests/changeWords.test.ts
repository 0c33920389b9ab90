import { describe, expect, it } from "vitest";
import { changeWords, fieldName } from "@/parts/documents/changeWords";
import type { Change } from "@/parts/documents/changes";
import type { MapDocument } from "@/rooms/maps/model/types";

const MAP: MapDocument = {
  id: "m",
  stages: { one: { id: "one", title: "Vorauswahl", translations: { en: { title: "Preselection" } } } },
  lanes: { acts: { id: "acts", title: "Handlungen", translations: { en: { title: "Actions" } } } },
  cards: { a: { id: "a", text: "Liest nach", translations: { en: { text: "Reads up" } } } },
};

const CASES: [Change, string, string][] = [
  [{ do: "set", collection: "cards", id: "a", path: ["claim"], value: "coverage(article) >= 0.4" }, "Karte „Liest nach“: Annahme → „coverage(article) >= 0.4“", "Card “Reads up”: Claim → “coverage(article) >= 0.4”"],
  [{ do: "set", collection: "cards", id: "a", path: ["owner"], value: "" }, "Karte „Liest nach“: Verantwortlich geleert", "Card “Reads up”: Owner cleared"],
  [{ do: "set", path: ["state"], value: "to_be" }, "Map: Zustand → „to_be“", "Map: State → “to_be”"],
  [{ do: "add", collection: "cards", thing: { id: "b", text: "" } }, "Karte hinzugefügt", "Card added"],
  [{ do: "remove", collection: "cards", id: "gone" }, "eine Karte entfernt", "a card removed"],
  [{ do: "move", collection: "cards", id: "a", to: { stage: "one", step: "", lane: "acts", order: "V" } }, "Karte „Liest nach“ verschoben → Vorauswahl · Handlungen", "Card “Reads up” moved → Preselection · Actions"],
  [{ do: "feel", stage: "one", value: 0.5 }, "Stimmung, Vorauswahl: +0,5", "Feeling, Preselection: +0.5"],
  [{ do: "comment", id: "m1", about: "a", text: "Stimmt das?", author: "", at: "" }, "Kommentar, Karte „Liest nach“: „Stimmt das?“", "Comment, Card “Reads up”: “Stimmt das?”"],
  [{ do: "several", changes: [], summary: "made the map" }, "angelegt", "made"],
  [{ do: "several", changes: [], summary: "restored c1 as of revision 12" }, "eines auf Fassung 12 zurückgebracht", "brought one back to revision 12"],
];

describe("the history of a map", () => {
  it.each(CASES)("tells %j by names, in both languages", (change, german, english) => {
    expect([changeWords(change, MAP, "de"), changeWords(change, MAP, "en")]).toEqual([german, english]);
  });

  it("calls the fields of a comparison what the card calls them", () => expect([fieldName("review_by", "de"), fieldName("detail", "en")]).toEqual(["Review bis", "Details"]));
});
