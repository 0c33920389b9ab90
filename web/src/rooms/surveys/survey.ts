import { newId, type Change } from "@/parts/documents/changes";
import { changed } from "@/parts/documents/changed";
import { between } from "@/parts/documents/order";
import { sorted, type Thing } from "@/parts/documents/things";
import type { Recipe } from "@/wire/result";
import type { Figure } from "@/words/figures";

export interface Question extends Thing {
  text?: string;
  instrument?: string;
  low?: number | null;
  high?: number | null;
  low_label?: string;
  high_label?: string;
  direction?: "high" | "low";
  options?: string[];
  outcome?: string;
  stage?: string;
  touchpoint?: string;
  required?: boolean;
}

export interface Survey {
  id: string;
  title?: string;
  intro?: string;
  thanks?: string;
  language?: string;
  languages?: string[];
  state?: "draft" | "open" | "closed";
  access?: "public" | "link";
  anonymous?: boolean;
  closes_on?: string | null;
  stage?: string;
  touchpoint?: string;
  translations?: Record<string, Record<string, string>>;
  questions?: Record<string, Question>;
}

/** The answers to one question, as the server sums them up. */
export interface Answers {
  question?: string;
  text?: string;
  outcome?: string;
  instrument: string;
  n: number;
  figure?: Figure;
  recipe?: Recipe;
  options?: { option: string; count: number; figure: Figure }[];
  texts?: string[];
}

export interface Results {
  questions: Answers[];
  counts: { links: number; used: number; responses: number };
}

/** The scale that an instrument has unless the question says otherwise; the twin of `SCALES` in `maps/survey.py`. */
export const SCALES: Record<string, readonly [number, number]> = { nps: [0, 10], csat: [1, 5], ces: [1, 7], importance: [1, 5], satisfaction: [1, 5], rating: [1, 5] };
export const INSTRUMENTS = ["nps", "csat", "ces", "importance", "satisfaction", "rating", "choice", "text"] as const;
export const PAIRED: readonly string[] = ["importance", "satisfaction"];

/** The languages a survey is asked in, its own first. */
export const languagesOf = (survey: Survey): string[] => [...new Set([survey.language || "de", ...(survey.languages ?? [])])];

/** A question as its form holds it: every text by language. */
export interface Draft {
  id: string;
  instrument: string;
  texts: Record<string, Record<TextField, string>>;
  low: string;
  high: string;
  direction: "high" | "low";
  options: string;
  outcome: string;
  stage: string;
  touchpoint: string;
  required: boolean;
}

export type TextField = "text" | "low_label" | "high_label";
const TEXTS: readonly TextField[] = ["text", "low_label", "high_label"];

export function draftOf(question: Question | null, languages: readonly string[]): Draft {
  const own = languages[0]!;
  const texts = Object.fromEntries(languages.map((language) => [language, Object.fromEntries(TEXTS.map((field) => [field, language === own ? (question?.[field] ?? "") : (question?.translations?.[language]?.[field] ?? "")])) as Record<TextField, string>]));
  return {
    id: question?.id ?? newId("q"), instrument: question?.instrument ?? (question ? "text" : "csat"), texts, low: question?.low?.toString() ?? "", high: question?.high?.toString() ?? "", direction: question?.direction ?? "high",
    options: (question?.options ?? []).join("\n"), outcome: question?.outcome ?? "", stage: question?.stage ?? "", touchpoint: question?.touchpoint ?? "", required: question?.required ?? false,
  };
}

/** The changes that make the kept question what its form says; a new one goes behind the last. */
export function changesOf(draft: Draft, before: Question | null, survey: Survey): Change[] {
  const languages = languagesOf(survey);
  const scaled = draft.instrument in SCALES && draft.instrument !== "nps";
  const wanted: Record<string, unknown> = {
    instrument: draft.instrument, ...draft.texts[languages[0]!], low: scaled && draft.low !== "" ? Number(draft.low) : null, high: scaled && draft.high !== "" ? Number(draft.high) : null,
    direction: draft.direction, options: draft.instrument === "choice" ? optionsOf(draft.options) : [], outcome: PAIRED.includes(draft.instrument) ? draft.outcome.trim() : "",
    stage: draft.stage, touchpoint: draft.touchpoint, required: draft.required,
  };
  const translations = Object.fromEntries(languages.slice(1).map((language) => [language, filled(draft.texts[language] ?? {})] as const).filter(([, texts]) => Object.keys(texts).length));
  if (!before) {
    const last = sorted(survey.questions).at(-1)?.order ?? null;
    return [{ do: "add", collection: "questions", thing: { ...filled(wanted), id: draft.id, order: between(last, null), ...(Object.keys(translations).length ? { translations } : {}) } }];
  }
  const changes = changed("questions", { ...DEFAULTS, ...before }, wanted);
  for (const language of languages.slice(1))
    for (const field of TEXTS) {
      const text = draft.texts[language]?.[field] ?? "";
      if (text !== (before.translations?.[language]?.[field] ?? "")) changes.push({ do: "translate", collection: "questions", id: draft.id, language, field, text: text || null });
    }
  return changes;
}

/** The change that puts a question one place further up or down. */
export function moved(survey: Survey, id: string, by: 1 | -1): Change[] {
  const all = sorted(survey.questions);
  const at = all.findIndex((one) => one.id === id);
  const others = all.filter((one) => one.id !== id);
  const goal = at + by;
  if (at < 0 || goal < 0 || goal >= all.length) return [];
  return [{ do: "move", collection: "questions", id, to: { order: between(others[goal - 1]?.order ?? null, others[goal]?.order ?? null) } }];
}

export const optionsOf = (text: string): string[] => [...new Set(text.split("\n").map((line) => line.trim()).filter(Boolean))];

const DEFAULTS: Record<string, unknown> = { instrument: "text", direction: "high", required: false };
const empty = (value: unknown) => value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length);
const filled = <T>(thing: Record<string, T>): Record<string, T> => Object.fromEntries(Object.entries(thing).filter(([field, value]) => !empty(value) && value !== DEFAULTS[field]));
