import theme from "@/theme/theme.json";
import { useWords } from "@/words/i18n";
import type { TextKey } from "@/words/texts";
import "./verdict.css";

export const VERDICTS = ["contradicted", "undecided", "confirmed", "too_few", "no_data", "out_of_date"] as const;
export type VerdictName = (typeof VERDICTS)[number];

const LOOKS = theme.verdicts as Record<string, { shape: string }>;

export function shapeOf(verdict: VerdictName): string {
  return LOOKS[verdict.replaceAll("_", " ")]?.shape ?? "○";
}

export const verdictKey = (verdict: VerdictName) => `verdict_${verdict}` as TextKey;

/** A verdict: shape, word and colour together; `quiet` hides the word from the eye, never from a reader. */
export function Verdict({ verdict, quiet }: { verdict: VerdictName; quiet?: boolean }) {
  const { t } = useWords();
  const word = t(verdictKey(verdict));
  return (
    <span className={`verdict verdict-${verdict}`} title={quiet ? word : undefined}>
      <span aria-hidden="true" className="verdict-shape">
        {shapeOf(verdict)}
      </span>
      <span className={quiet ? "hidden" : ""}>{word}</span>
    </span>
  );
}
