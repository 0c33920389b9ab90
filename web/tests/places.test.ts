import { expect, it } from "vitest";
import { ANSWERS, placeOf } from "@/parts/places";
import { router } from "@/shell/router";

const KINDS = ["account", "map", "persona", "interview", "survey", "review", "segment", "rules", "source", ...Object.values(ANSWERS).flat()];

it("a thing with a place leads to a room of the page", () => {
  for (const kind of KINDS) {
    const analysis = Object.values(ANSWERS).flat().some((one) => one === kind);
    const place = analysis ? placeOf("analysis", kind) : placeOf(kind, "one thing");
    const found = router.matchRoutes(place!.to, {});
    expect(found.length, kind).toBeGreaterThan(1);
  }
});

it("what the page does not show leads nowhere", () => {
  expect([placeOf("table", "events"), placeOf("analysis", "no-such"), placeOf("list", "maps")]).toEqual([undefined, undefined, undefined]);
});
