import { describe, expect, it } from "vitest";
import { claimParts, claimText, keptBound, shownBound } from "@/rooms/maps/model/claimText";

const WRITTEN = [
  "coverage(article) in research >= 0.4",
  "milestone(demo request) in first_talks >= 0.4",
  "dwell(preselection) between 20 and 40 days",
  "conversion(preselection) >= 0.6",
  "feeling(price page) in preselection <= -0.5",
  "mention(price unclear) >= 3",
  'found("vibration sensor") <= 10',
];

describe("a claim put together in words", () => {
  it.each(WRITTEN)("is the same text after it was taken apart: %s", (text) => {
    expect(claimText(claimParts(text)!)).toBe(text);
  });

  it("takes per cent for shares alone, and shows them so", () => {
    expect(claimParts("coverage(article) >= 40 %")?.bounds).toEqual([0.4]);
    expect(shownBound("coverage", 0.285)).toBe(28.5);
    expect(keptBound("coverage", 28.5)).toBe(0.285);
    expect(keptBound("dwell", 28.5)).toBe(28.5);
  });

  it("quotes names that hold words of the language", () => {
    expect(claimText({ measure: "coverage", names: ["request for proposal", "in house day"], stage: "", comparison: ">=", bounds: [0.5] })).toBe('coverage(request for proposal, "in house day") >= 0.5');
  });

  it("leaves to the text what the form does not ask: filters, limits, horizons", () => {
    for (const more of ["coverage(article) >= 0.4 where tier = A", "conversion(research) within 90 days >= 0.4", "mention(price) >= 30 % of interviews", "nonsense"]) expect(claimParts(more)).toBeNull();
  });

  it("is no text while something is missing", () => {
    expect(claimText({ measure: "coverage", names: [], stage: "research", comparison: ">=", bounds: [0.5] })).toBe("");
    expect(claimText({ measure: "dwell", names: ["research"], stage: "", comparison: "between", bounds: [5] })).toBe("");
  });
});
