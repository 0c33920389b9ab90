import { useWords } from "@/words/i18n";
import { term } from "@/words/terms";
import "./verdict.css";

const SHAPES: Record<string, string> = { won: "✓", lost: "✕", dormant: "‖", open: "→" };

/** How a journey ended: shape and word together. */
export function OutcomeMark({ outcome }: { outcome: string }) {
  const { language } = useWords();
  return (
    <span className={`outcome outcome-${outcome}`}>
      <span aria-hidden="true">{SHAPES[outcome] ?? "·"} </span>
      {term("outcome", outcome, language)}
    </span>
  );
}
