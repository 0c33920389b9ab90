import theme from "@/theme/theme.json";

export type Level = "far" | "counts" | "cards" | "full";
export const ZOOMS = [0.3, 0.45, 0.6, 0.8, 1, 1.25] as const;
export const COLUMN = 212;

/** What is shown at a zoom: never only smaller, always another degree of detail. */
export function levelOf(zoom: number): Level {
  return zoom <= 0.35 ? "far" : zoom <= 0.6 ? "counts" : zoom <= 1.1 ? "cards" : "full";
}

const DASHES: Record<string, string> = { solid: "", dashed: "6 4", dotted: "2 3", "dash-dotted": "6 3 2 3", "loosely-dashed": "8 6", "loosely-dotted": "2 6", "densely-dashed": "4 2", "densely-dotted": "1 2" };

/** How a persona's line is told from others: colour and dash together. */
export function lineOf(index: number): { colour: string; dash: string } {
  const one = theme.series[(index + theme.series.length - 1) % theme.series.length]!;
  return index === 0 ? { colour: "var(--accent)", dash: "" } : { colour: one.colour, dash: DASHES[one.dash] ?? "" };
}
