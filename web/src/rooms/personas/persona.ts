import { type Change } from "@/parts/documents/changes";
import { between } from "@/parts/documents/order";
import { sorted, type EvidenceLink, type Thing } from "@/parts/documents/things";
import type { TextKey } from "@/words/texts";

/** A persona as the server keeps it. */

export interface Trait extends Thing {
  kind: string;
  text?: string;
  detail?: string;
  provenance?: string;
  evidence?: Record<string, EvidenceLink>;
  owner?: string;
  review_by?: string | null;
}

export type Rule = Record<string, string | string[]>;

export interface Persona {
  id: string;
  language?: string;
  languages?: string[];
  translations?: Record<string, Record<string, string>>;
  title?: string;
  sentence?: string;
  kind?: string;
  owner?: string;
  review_by?: string | null;
  roles?: string[];
  rule?: Rule;
  traits?: Record<string, Trait>;
  [more: string]: unknown;
}

/** The kinds of traits in the order a persona is read: the job, the four forces, the buying insights, the rest. */
export const GROUPS: readonly { title: TextKey; kinds: readonly string[] }[] = [
  { title: "trait_jobs", kinds: ["job", "goal"] },
  { title: "trait_forces", kinds: ["push", "pull", "anxiety", "habit"] },
  { title: "trait_insights", kinds: ["trigger", "success", "barrier", "way", "criterion"] },
  { title: "trait_needs", kinds: ["requirement", "pain"] },
  { title: "trait_contact", kinds: ["contact", "source", "brand", "fact"] },
];

export const PROVENANCES = ["hypothesis", "interview", "survey", "data", "co-creation"] as const;

/** The fields of people that a rule may ask; `RULE_FIELDS` of `maps/persona.py`. */
export const RULE_FIELDS = ["title", "department", "role", "seniority", "email", "language", "touchpoint"] as const;

/** Whether a trait rests on something: as `Persona.grounded` of the server counts it. */
export const isBacked = (trait: Trait) => Object.keys(trait.evidence ?? {}).length > 0 || ["interview", "survey", "data"].includes(trait.provenance ?? "");

export const ofKind = (persona: Persona, kind: string) => sorted(persona.traits).filter((trait) => trait.kind === kind);

/** The change that puts a trait a place further up (-1) or down (+1) among its kind; null at either end. */
export function shifted(persona: Persona, trait: Trait, by: -1 | 1): Change | null {
  const all = ofKind(persona, trait.kind);
  const at = all.findIndex((one) => one.id === trait.id);
  const to = at + by;
  if (at < 0 || to < 0 || to >= all.length) return null;
  return placed(all.filter((one) => one.id !== trait.id), trait, to);
}

/** The change that puts a trait before the one at `at` among the others of its kind. */
export function placed(others: readonly Trait[], trait: Trait, at: number): Change {
  return { do: "move", collection: "traits", id: trait.id, to: { order: between(others[at - 1]?.order ?? null, others[at]?.order ?? null) } };
}

/** The order of a new trait: behind the last of its kind. */
export const behindLast = (persona: Persona, kind: string) => between(ofKind(persona, kind).at(-1)?.order ?? null, null);

/** The patterns of one field: a text with bars between words is several; one with brackets of its own stays one. */
export function patternsOf(value: string | readonly string[] | undefined): string[] {
  if (!value) return [];
  if (typeof value !== "string") return [...value];
  return /[()[\]\\{}]/.test(value) ? [value] : value.split("|").map((one) => one.trim()).filter(Boolean);
}

/** A title as a pattern that finds it: in small letters, with what patterns take otherwise escaped. */
export const patternFor = (title: string) => title.toLowerCase().replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
