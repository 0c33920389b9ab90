import { describe, expect, it } from "vitest";
import { alike } from "@/parts/alike";

describe("the rows behind a figure", () => {
  const rows = [
    { journey_id: "a-1", account_id: "a", account: "Adler", kind: "first_purchase", outcome: "lost", note: null },
    { journey_id: "b-1", account_id: "b", account: "Bach", kind: "first_purchase", outcome: "won", note: null },
  ];

  it("show the columns in which they differ, and say once what is the same in all", () => {
    const { differ, same } = alike(Object.keys(rows[0]!), rows);
    expect(differ).toEqual(["account_id", "account", "outcome"]);
    expect(same).toEqual(["kind"]);
  });

  it("have ids, last, where two are of one company", () => {
    const twice = [...rows, { ...rows[1]!, journey_id: "b-2" }];
    expect(alike(Object.keys(rows[0]!), twice).differ).toEqual(["account_id", "account", "outcome", "journey_id"]);
  });

  it("lose nothing where there is one row alone", () => {
    expect(alike(undefined, rows.slice(0, 1)).same).toEqual([]);
  });
});
