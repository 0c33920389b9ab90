import { describe, expect, it } from "vitest";
import { gridOf, pointsOf, runs } from "@/rooms/maps/model/layout";
import type { MapDocument } from "@/rooms/maps/model/types";
import { planOf, tableOf } from "@/rooms/maps/dialogs/Paste";

const MAP: MapDocument = {
  id: "m",
  stages: { one: { id: "one", order: "B", title: "Eins" }, two: { id: "two", order: "A", title: "Zwei" } },
  lanes: { acts: { id: "acts", order: "A", kind: "actions", title: "Handlungen" }, shy: { id: "shy", order: "B", kind: "own", hidden: true } },
  cards: {
    b: { id: "b", order: "B", stage: "one", lane: "acts" },
    a: { id: "a", order: "A", stage: "one", lane: "acts" },
    wide: { id: "wide", stage: "two", lane: "acts", until: "one" },
    lost: { id: "lost", stage: "gone", lane: "acts" },
    hidden: { id: "hidden", stage: "one", lane: "shy" },
  },
  feelings: { x: { id: "x", stage: "two", value: 1, how: "hand" } },
};

describe("the grid of a map", () => {
  it("has its stages and cards in their order; a card that spans stands once", () => {
    const grid = gridOf(MAP);
    expect(grid.columns.map((column) => column.key)).toEqual(["two", "one"]);
    expect(grid.rows.map((row) => row.lane.id)).toEqual(["acts"]);
    expect(grid.rows[0]!.cells[1]!.cards.map((card) => card.id)).toEqual(["a", "b"]);
    expect(grid.rows[0]!.spanning).toMatchObject([{ card: { id: "wide" }, from: 0, to: 1 }]);
  });

  it("tells what lost its place and drops nothing", () => {
    expect(gridOf(MAP).lost.map((card) => card.id)).toEqual(["lost"]);
  });

  it("never bridges a gap of the curve", () => {
    const points = pointsOf(MAP, gridOf(MAP).columns, "hand", "");
    expect(points.map((point) => point?.value ?? null)).toEqual([1, null]);
    expect(runs([1, null, 2, 3]).map((run) => run.map((one) => one.at))).toEqual([[0], [2, 3]]);
  });
});

describe("a pasted table", () => {
  it("reads what spreadsheets copy, quoted cells with lines among them", () => {
    expect(tableOf('\tEins\tDrei\nHandlungen\t"liest\nfragt ""nach"""\tkauft')).toEqual([["", "Eins", "Drei"], ["Handlungen", 'liest\nfragt "nach"', "kauft"]]);
  });

  it("finds stages and lanes by title, makes the others, and a card of each line", () => {
    const plan = planOf(MAP, tableOf('\tEins\tDrei\nHandlungen\t"liest\nfragt"\tkauft\nSchmerzpunkte\tteuer\t'), "de");
    expect(plan).toMatchObject({ cards: 4, stages: 1, lanes: 1 });
    const lane = plan.changes.find((change) => change.do === "add" && change.collection === "lanes");
    expect(lane).toMatchObject({ thing: { kind: "pain_points" } });
  });
});
