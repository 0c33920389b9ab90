import { say, type Language } from "@/words/i18n";
import { signed } from "@/words/numbers";
import { term } from "@/words/terms";
import type { TextKey } from "@/words/texts";
import type { Passage } from "./marks";

/** What a passage is about, in a line. */
export function labelOf(one: Passage, language: Language): string {
  return [
    one.ring && say(`trait_${one.ring}` as TextKey), one.force && say(`trait_${one.force}` as TextKey), ...(one.topics ?? []).map((topic) => `#${topic}`),
    one.stage && term("stage", one.stage, language), one.feeling !== null && one.feeling !== undefined && signed(one.feeling, language),
  ].filter(Boolean).join(" · ");
}

/** A code as a filter names it, in words. */
export function codeName(code: string, topics: readonly string[]): string {
  const [kind, name = ""] = [code.slice(0, code.indexOf(":")), code.slice(code.indexOf(":") + 1)];
  return kind === "topic" ? `#${topics.find((one) => one.toLowerCase() === name) ?? name}` : say(`trait_${name}` as TextKey);
}
