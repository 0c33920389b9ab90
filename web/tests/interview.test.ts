import { describe, expect, it } from "vitest";
import { besides, inOrder, shownTurns, speakerOf, type Turn } from "@/rooms/interviews/interview";
import { hitsOf, piecesOf, type Passage } from "@/rooms/interviews/marks";

const turns: Turn[] = ["Wie kam es?", "Der Preis war unklar.", "Und dann?", "Kein PREIS, kein Angebot."].map((text, at) => ({ speaker: at % 2 ? "Person A" : "Anna", text, seconds: null }));
const passages: Passage[] = [{ id: "b", turn: 3, start: 0, topics: ["Angebot"], force: "push" }, { id: "a", turn: 1, start: 4, end: 9, topics: ["Preis"], ring: "barrier" }];

describe("finding in an interview", () => {
  it("shows the turns that say it in any case and are coded so, and all where nothing is asked", () => {
    expect(shownTurns(turns, passages, "", "")).toEqual([0, 1, 2, 3]);
    expect(shownTurns(turns, passages, "preis", "")).toEqual([1, 3]);
    expect(shownTurns(turns, passages, "", "ring:barrier")).toEqual([1]);
    expect(shownTurns(turns, passages, "", "topic:angebot")).toEqual([3]);
    expect(shownTurns(turns, passages, "preis", "force:push")).toEqual([3]);
    expect(shownTurns(turns, passages, "Kunde", "")).toEqual([]);
  });

  it("marks every hit, also within a passage, and loses no letter", () => {
    expect(hitsOf("Aa aA", "aa")).toEqual([[0, 2], [3, 5]]);
    expect(hitsOf("İstanbul", "stanbul")).toEqual([[1, 8]]);
    const pieces = piecesOf(turns[1]!.text, [passages[1]!], hitsOf(turns[1]!.text, "reis war"));
    expect(pieces.map((one) => one.text).join("")).toBe(turns[1]!.text);
    expect(pieces.filter((one) => one.hit).map((one) => [one.text, one.passages.length])).toEqual([["reis", 1], [" war", 0]]);
  });
});

it("passages are walked through in the order in which they were said, and begin anew at the end", () => {
  const order = inOrder(Object.fromEntries(passages.map((one) => [one.id, one])));
  expect(order.map((one) => one.id)).toEqual(["a", "b"]);
  expect([besides(order, "", 1)?.id, besides(order, "", -1)?.id, besides(order, "a", 1)?.id, besides(order, "b", 1)?.id, besides(order, "a", -1)?.id]).toEqual(["a", "b", "b", "a", "b"]);
  expect(besides([], "a", 1)).toBeUndefined();
});

it("who speaks a turn is found by the name that the server gave them", () => {
  expect(speakerOf({ id: "i", speakers: { "person-a": { id: "person-a", role: "respondent" } } }, "Person A")?.role).toBe("respondent");
});
