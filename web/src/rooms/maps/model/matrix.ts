import type { Change } from "@/parts/documents/changes";
import { sorted } from "@/parts/documents/things";
import type { Card, MapDocument } from "./types";

export const SCALE = [1, 2, 3, 4, 5] as const;

/** The opportunities of a map: rated ones by `effect:effort`, and those that are not rated yet. */
export function opportunities(document: MapDocument): { at: Map<string, Card[]>; unrated: Card[]; all: Card[] } {
  const lanes = new Set(sorted(document.lanes).filter((lane) => lane.kind === "opportunities").map((lane) => lane.id));
  const all = sorted(document.cards).filter((card) => lanes.has(card.lane ?? ""));
  const at = new Map<string, Card[]>();
  const unrated: Card[] = [];
  for (const card of all) {
    const { effect, effort } = card;
    if (!effect || !effort) unrated.push(card);
    else at.set(`${effect}:${effort}`, [...(at.get(`${effect}:${effort}`) ?? []), card]);
  }
  return { at, unrated, all };
}

/** The change that rates a card. */
export function rated(card: Card, effect: number, effort: number): Change {
  const within = (value: number) => Math.max(1, Math.min(5, value));
  const set = (field: string, value: number): Change => ({ do: "set", collection: "cards", id: card.id, path: [field], value: within(value) });
  return { do: "several", changes: [set("effect", effect), set("effort", effort)] };
}

/** What to do with an opportunity at a place of the matrix. */
export function quadrant(effect: number, effort: number): "quick" | "plan" | "fill" | "leave" {
  if (effect > 3) return effort < 4 ? "quick" : "plan";
  return effort < 3 ? "fill" : "leave";
}
