import { MEASURES } from "@/words/terms";

/** A claim in the parts that a form asks for; filters and further limits are written as text. */
export interface ClaimParts {
  measure: string;
  names: string[];
  stage: string;
  comparison: ">=" | "<=" | "between";
  bounds: number[];
}

const NAME = /^[\p{L}\p{N}_-]+(?: [\p{L}\p{N}_-]+)*$/u;
const KEYWORDS = /(^| )(in|within|between|and|of|where|with)( |$)/;

/** Measures that stand in a stage, and those that are of a stage themselves. */
export const IN_STAGE = new Set(["coverage", "order", "feeling", "milestone", "content"]);
export const OF_STAGE = new Set(["dwell", "conversion"]);

/** A number as a reader types it: shares in per cent. */
export const shownBound = (measure: string, value: number) => (MEASURES[measure]?.unit === "share" ? Math.round(value * 1000) / 10 : value);
export const keptBound = (measure: string, value: number) => (MEASURES[measure]?.unit === "share" ? Math.round(value * 10) / 1000 : value);

/** The claim as text; "" while something is missing. */
export function claimText({ measure, names, stage, comparison, bounds }: ClaimParts): string {
  const numbers = comparison === "between" ? bounds.slice(0, 2) : bounds.slice(0, 1);
  if (!names.length || numbers.length < (comparison === "between" ? 2 : 1) || numbers.some((one) => !Number.isFinite(one))) return "";
  const unit = MEASURES[measure]?.unit === "days" ? " days" : "";
  const said = comparison === "between" ? `between ${numbers[0]} and ${numbers[1]}${unit}` : `${comparison} ${numbers[0]}${unit}`;
  const quoted = (name: string) => (measure !== "found" && NAME.test(name) && !KEYWORDS.test(name) ? name : `"${name.replaceAll('"', "'")}"`);
  return [`${measure}(${names.map(quoted).join(", ")})`, IN_STAGE.has(measure) && stage ? `in ${quoted(stage)}` : "", said].filter(Boolean).join(" ");
}

const CLAIM = /^\s*(\w+)\(([^)]*)\)(?:\s+in\s+([\w-]+))?(?:\s+(>=|<=|>|<)\s*(-?[\d.]+)(\s*%)?|\s+between\s+(-?[\d.]+)(?:\s*%)?\s+and\s+(-?[\d.]+)(\s*%)?)(?:\s+days)?\s*$/;

/** The parts of a claim, where the form can ask for all of it; null where it says more. */
export function claimParts(text: string): ClaimParts | null {
  const found = CLAIM.exec(text);
  if (!found || !MEASURES[found[1]!]) return null;
  const measure = found[1]!;
  const percent = (found[6] ?? found[9] ?? "").trim() === "%";
  const kept = (value: string) => Number(value) / (percent && MEASURES[measure]?.unit === "share" ? 100 : 1);
  if (percent && MEASURES[measure]?.unit !== "share") return null;
  const names = found[2]!.split(",").map((one) => one.trim().replace(/^"(.*)"$/, "$1")).filter(Boolean);
  if (found[4]) return { measure, names, stage: found[3] ?? "", comparison: found[4].startsWith(">") ? ">=" : "<=", bounds: [kept(found[5]!)] };
  return { measure, names, stage: found[3] ?? "", comparison: "between", bounds: [kept(found[7]!), kept(found[8]!)] };
}
