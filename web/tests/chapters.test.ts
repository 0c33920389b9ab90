import { describe, expect, it } from "vitest";
import { chapters } from "@/rooms/accounts/chapters";
import type { Journey, Step } from "@/rooms/accounts/story";

const step = (day: string, touchpoint: string, more: Partial<Step> = {}): Step => ({ seq: 0, happened_at: `${day}T09:00:00Z`, stage: "", touchpoint, ...more });
const journey = {
  journey_id: "a-1", number: 1, kind: "first_purchase", started_at: "2026-01-01T09:00:00Z", ended_at: "2026-05-01T09:00:00Z", outcome: "lost", days: 120, pauses: [], deals: [], buying_center: [],
  stages: [
    { visit_no: 1, stage: "research", stage_no: 1, entered_at: "2026-01-01T09:00:00Z", left_at: "2026-02-01T09:00:00Z", days: 31 },
    { visit_no: 2, stage: "first_talks", stage_no: 4, entered_at: "2026-02-01T09:00:00Z", left_at: null, days: 89 },
  ],
  steps: [
    step("2026-01-01", "article", { person_id: "p1", role: "user" }), step("2026-01-02", "article", { person_id: "p1" }), step("2026-01-05", "price page", { person_id: "p2" }),
    step("2026-02-01", "sales call", { person_id: "p1", sales: true }), step("2026-02-10", "sales e-mail", { person_id: "p3", sales: true }),
  ],
} as Journey;

describe("the chapters of a story", () => {
  const [first, second] = chapters(journey);

  it("put every step into the stay that it falls into, none twice", () => {
    expect([first!.steps, second!.steps]).toEqual([3, 2]);
  });

  it("name each person once, where they came in", () => {
    expect(first!.joined.map(({ person }) => person)).toEqual(["p1", "p2"]);
    expect(second!.joined.map(({ person }) => person)).toEqual(["p3"]);
  });

  it("tell what was done most first, and the first contact with sales alone", () => {
    expect(first!.did[0]).toEqual({ touchpoint: "article", times: 2 });
    expect([first!.sales, second!.sales?.touchpoint]).toEqual([null, "sales call"]);
  });

  it("tell the longest silence, up to the end, and none that is short", () => {
    expect(first!.silence).toMatchObject({ from: "2026-01-05T09:00:00Z", days: 27 });
    expect(second!.silence!.days).toBe(80);
    expect(chapters({ ...journey, ended_at: "2026-02-12T09:00:00Z" })[1]!.silence).toBeNull();
  });
});
