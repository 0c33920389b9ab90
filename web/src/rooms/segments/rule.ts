import type { Language, Say } from "@/words/i18n";
import { number } from "@/words/numbers";
import { anyTerm, columnName } from "@/words/terms";

export interface Segment {
  id: string;
  title?: string;
  sentence?: string;
  rule?: Record<string, unknown>;
}

/** A rule in words: `^Hot$` is the value itself, other patterns are shown as they are. */
export function ruleWords(rule: Record<string, unknown>, t: Say, language: Language): string {
  return Object.entries(rule)
    .map(([name, wanted]) => {
      const values = Array.isArray(wanted) ? wanted : [wanted];
      if (name === "accounts") return t("segment_listed", { n: values.length });
      return `${columnName(name, language)}: ${values.map((one) => shown(one, language)).join(", ")}`;
    })
    .join(" · ");
}

function shown(value: unknown, language: Language): string {
  if (typeof value === "object" && value !== null) {
    const { from, below } = value as { from?: number; below?: number };
    return `${from === undefined ? "" : `≥ ${number(from, language)}`}${below === undefined ? "" : ` < ${number(below, language)}`}`.trim();
  }
  const whole = /^\^(.*)\$$/.exec(String(value));
  return anyTerm(whole ? whole[1]!.replace(/\\(.)/g, "$1") : String(value), language);
}
