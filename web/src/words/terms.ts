import { COLUMNS, OPTIONS, RULES, SYSTEMS, VALUES } from "./columns";
import type { Language } from "./i18n";
import terms from "./terms.json";

type Pair = readonly string[];
type List = "kind" | "outcome" | "role" | "stage" | "channel" | "reason" | "touchpoint" | "segment" | "persona";

const NAMES = terms.names as Record<string, Record<string, Pair>>;
const HEADINGS = terms.headings as Record<string, Pair>;
const ORDER: readonly string[] = ["stage", "touchpoint", "channel", "role", "outcome", "kind", "segment", "persona"];
let own: Record<string, Record<string, { de?: string; en?: string }>> = {};

/** What stands before the id of something without a name; `words/kinds.py`. */
const NO_NAME = "(no name) ";

export const LANES = terms.lanes;
export const KINDS = terms.kinds;
export const OUTCOMES = terms.outcomes;
export const ROLES = terms.roles;
export const CHANNELS = terms.channels;
export const MEASURES = terms.measures as Record<string, { takes: string; unit: string }>;

/** The workspace's own names of stages and touchpoints, from its rules; they win over the house's. */
export function learn(names: Record<string, unknown>): void {
  own = names as typeof own;
}

const at = (language: Language) => (language === "de" ? 0 : 1);

/** What a reader calls a word of one of the house's lists; an unknown word stays as it was written. */
export function term(list: List, word: string | null | undefined, language: Language): string {
  if (word === null || word === undefined) return "";
  const mine = own[list]?.[word]?.[language];
  if (mine) return mine;
  const pair = NAMES[list]?.[word];
  if (pair) return pair[at(language)] ?? word;
  if (list !== "stage" && list !== "kind") return word;
  const shown = word.replaceAll("_", " ");
  return shown.charAt(0).toUpperCase() + shown.slice(1);
}

/** The words of one of the house's lists, with the workspace's own. */
export const wordsOf = (list: List): string[] => [...new Set([...Object.keys(own[list] ?? {}), ...Object.keys(NAMES[list] ?? {})])];

/** What a reader calls a word of an answer, whatever list it is of. */
export function anyTerm(word: string, language: Language): string {
  // Whatever has no name is called by its id after that.
  if (word.startsWith(NO_NAME)) return `${anyTerm(NO_NAME.trim(), language)} ${word.slice(NO_NAME.length)}`;
  const value = VALUES[word] ?? (terms.values as Record<string, Pair>)[word];
  if (value) return value[at(language)] ?? word;
  for (const list of ORDER) if (NAMES[list]?.[word] || own[list]?.[word]) return term(list as List, word, language);
  return word;
}

/** A text of words of an answer, such as `use (expansion, renewal)`: each of them as a reader calls it. */
export function anyTerms(text: string, language: Language): string {
  const known = anyTerm(text, language);
  if (known !== text) return known;
  const within = /^(.+) \((.+)\)$/.exec(text);
  if (within) return `${anyTerms(within[1]!, language)} (${anyTerms(within[2]!, language)})`;
  const mark = [" → ", " · ", ", "].find((one) => text.includes(one));
  return mark ? text.split(mark).map((part) => anyTerms(part, language)).join(mark) : text;
}

/** The heading of a column. */
export function columnName(column: string, language: Language): string {
  const known = (own.headings?.[column] ? [own.headings[column].de, own.headings[column].en] : undefined) ?? HEADINGS[column] ?? COLUMNS[column];
  const named = known?.[at(language)];
  if (named) return named.charAt(0).toUpperCase() + named.slice(1);
  const shown = column.replaceAll("_", " ");
  return shown.charAt(0).toUpperCase() + shown.slice(1);
}

/** What a reader calls the system that records came from. */
export function systemName(source: string, language: Language): string {
  return SYSTEMS[source]?.[at(language)] ?? source;
}

/** What a reader calls a file of rules; one of the workspace's own stays as it is called. */
export function ruleName(name: string, language: Language): string {
  return RULES[name.replace(/\.yaml$/, "")]?.[at(language)] ?? name;
}

/** What a reader calls an analysis. */
export function analysisName(name: string, language: Language): string {
  return (terms.analyses as Record<string, Pair>)[name]?.[at(language)] ?? name;
}

/** All touchpoints that this workspace knows, by what a reader calls them. */
export function touchpointOptions(language: Language): { value: string; label: string }[] {
  return options("touchpoint", language).sort((one, other) => one.label.localeCompare(other.label, language));
}

/** All stages that this workspace knows, its own first and in their order; those of one name are one. */
export function stageOptions(language: Language): { value: string; label: string }[] {
  return options("stage", language);
}

function options(list: "stage" | "touchpoint", language: Language): { value: string; label: string }[] {
  const seen = new Map<string, string>();
  for (const value of [...Object.keys(own[list] ?? {}), ...Object.keys(NAMES[list] ?? {})]) {
    const label = term(list, value, language);
    if (!seen.has(label)) seen.set(label, value);
  }
  return [...seen].map(([label, value]) => ({ value, label }));
}

export function laneKind(id: string) {
  return LANES.find((kind) => kind.id === id) ?? LANES[LANES.length - 1]!;
}

/** What an analysis's own setting is called. */
export function optionName(option: string, language: Language): string {
  return OPTIONS[option]?.[at(language)] ?? columnName(option, language);
}
