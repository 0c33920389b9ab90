import type { Figure } from "@/words/figures";
import type { VerdictName } from "@/parts/Verdict";
import type { EvidenceLink, Thing } from "@/parts/documents/things";
import type { Recipe } from "@/wire/result";

export type { EvidenceLink, Thing };

/** The map as the server keeps it; see `maps/map.py`. */
export type Provenance = "hypothesis" | "interview" | "survey" | "data" | "co-creation";
export const PROVENANCES: readonly Provenance[] = ["hypothesis", "interview", "survey", "data", "co-creation"];

export interface Measured {
  value?: number | null;
  low?: number | null;
  high?: number | null;
  n?: number;
  unit?: string;
  why?: string | null;
  as_of?: string | null;
}

export interface Stage extends Thing {
  title?: string;
  milestone?: string;
  milestone_claim?: string;
  planned_days?: number | null;
  measured?: Measured | null;
}

export interface Step extends Thing {
  stage: string;
  title?: string;
  touchpoint?: string;
  planned_days?: number | null;
}

export interface Lane extends Thing {
  kind?: string;
  title?: string;
  asks?: string;
  hidden?: boolean;
}

export interface Card extends Thing {
  text?: string;
  detail?: string;
  provenance?: Provenance;
  claim?: string;
  evidence?: Record<string, EvidenceLink>;
  figure?: Measured | null;
  owner?: string;
  review_by?: string | null;
  stage?: string;
  step?: string;
  lane?: string;
  until?: string;
  personas?: string[];
  role?: string;
  touchpoint?: string;
  channel?: string;
  moment_of_truth?: boolean;
  effort?: number | null;
  effect?: number | null;
  state?: string;
}

export interface Feeling extends Thing {
  stage?: string;
  step?: string;
  persona?: string;
  how?: "hand" | "measured" | "target";
  value: number;
  low?: number | null;
  high?: number | null;
  n?: number | null;
}

export interface Comment extends Thing {
  on?: string;
  text?: string;
  author?: string;
  at?: string | null;
  done?: boolean;
}

export interface MapDocument {
  id: string;
  title?: string;
  language?: string;
  owner?: string;
  review_by?: string | null;
  journey?: string[];
  personas?: string[];
  segments?: string[];
  state?: "as_is" | "to_be";
  columns?: "stage" | "step" | "touchpoint";
  scenario?: string;
  expectation?: string;
  planned_days?: number | null;
  measured?: Measured | null;
  translations?: Record<string, Record<string, string>>;
  stages?: Record<string, Stage>;
  steps?: Record<string, Step>;
  lanes?: Record<string, Lane>;
  feelings?: Record<string, Feeling>;
  competitors?: Record<string, Thing>;
  criteria?: Record<string, Thing>;
  cards?: Record<string, Card>;
  comments?: Record<string, Comment>;
  [more: string]: unknown;
}

export type Collection = "stages" | "steps" | "lanes" | "feelings" | "cards" | "comments" | "competitors" | "criteria";

export interface MapAnswer {
  revision: number;
  can?: "view" | "comment" | "edit";
  document: MapDocument;
}

/** What the evidence says to a map: `check --json`. */
export interface CheckedClaim {
  card: string;
  stage?: string;
  lane?: string;
  claim: string;
  sentence?: Record<string, string>;
  verdict: VerdictName;
  figure?: Figure | null;
  recipe?: Recipe | null;
  population?: Record<string, unknown>;
  newest?: string | null;
  caveats?: string[];
  told?: Record<"de" | "en", string[]>;
  fault?: { what: string; do_next?: string; said?: Record<string, string>; advised?: Record<string, string> };
}

export interface BlindSpot {
  id: string;
  kind: string;
  stage: string;
  touchpoint?: string;
  what?: string;
  label?: Record<string, string>;
  card?: Record<string, string>;
  coverage?: Figure | null;
  journeys?: number;
}

export interface Check {
  map?: string;
  as_of?: string | null;
  agreement?: (Figure & { recipe?: Recipe | null; claims_hold?: Figure }) | null;
  claims: CheckedClaim[];
  blind_spots?: BlindSpot[];
  [more: string]: unknown;
}
