import { Link } from "@tanstack/react-router";
import { FigureView } from "@/parts/FigureView";
import { Section } from "@/parts/Page";
import { Verdict, type VerdictName } from "@/parts/Verdict";
import type { Recipe } from "@/wire/result";
import type { Figure } from "@/words/figures";
import { useWords } from "@/words/i18n";
import { date, number } from "@/words/numbers";
import { columnName } from "@/words/terms";
import type { TextKey } from "@/words/texts";

const SHOWN = 6;
const OWN = new Set(["", "traits", "scales"]);

interface Difference {
  what: "added" | "removed" | "moved" | "changed" | "linked" | "unlinked";
  collection: string;
  id: string;
  field: string;
  before: unknown;
  after: unknown;
}

export interface PersonaChanges {
  since: string;
  made_on: string | null;
  document: Difference[];
  flips: { map: string; card: string; claim: string; sentence: Record<string, string>; before: VerdictName; after: VerdictName; on: string }[];
  then: string | null;
  persons: [number, number] | null;
  figures: { name: "share" | "revenue" | "win_rate"; before: Figure; after: Figure; certain: boolean }[];
}

/** What is other than a quarter ago: figures, verdicts of its maps, its own words. */
export function Changes({ changes, hasSize, recipes, asOf, called }: { changes: PersonaChanges; hasSize: boolean; recipes: Record<string, Recipe>; asOf: string | null; called: (id: string) => string | undefined }) {
  const { t, language } = useWords();
  const words = changes.document.filter((row) => OWN.has(row.collection) && !row.field.startsWith("order"));
  const nothing = !changes.figures.length && !changes.flips.length && !words.length && !changes.made_on;
  return (
    <Section title={t("changed_since", { date: date(changes.since, language) })}>
      <ul className="list">
        {changes.figures.map((one) => (
          <li key={one.name}>
            <p>{one.name === "share" && changes.persons ? `${t("people_known")}: ${changes.persons.map((many) => number(many, language)).join(" → ")}` : t(MOVED[one.name])}</p>
            <p className="row">
              <FigureView figure={one.before} unit="share" behind={{ recipe: recipes[RECIPES[one.name]], as_of: changes.then }} /> → <FigureView figure={one.after} unit="share" behind={{ recipe: recipes[RECIPES[one.name]], as_of: asOf }} />
              {one.before.value !== null && one.after.value !== null && <span className={one.certain ? "strong" : "muted"}>{t(one.certain ? "certainly_changed" : "not_certainly_changed")}</span>}
            </p>
          </li>
        ))}
        {changes.flips.map((flip) => (
          <li key={`${flip.map}${flip.card}${flip.claim}`}>
            <p><Link to="/maps/$slug" params={{ slug: flip.map }} search={{ view: "evidence", card: flip.card } as never}>{flip.sentence[language] ?? flip.claim}</Link></p>
            <p className="row"><Verdict verdict={flip.before} /> → <Verdict verdict={flip.after} /> <span className="muted">{date(flip.on, language)}</span></p>
          </li>
        ))}
        {words.slice(0, SHOWN).map((row, at) => (
          <li key={at}>
            {t(`diff_${row.what}` as TextKey)} {row.collection ? (called(row.id) ?? plain(row.before ?? row.after ?? row.id)) : columnName(row.field, language)}
            {row.what === "changed" && <span className="muted"> {plain(row.before)} → {plain(row.after)}</span>}
          </li>
        ))}
        {words.length > SHOWN && <li className="muted">{t("more_changes", { n: words.length - SHOWN })}</li>}
        {nothing && <li className="muted">{t("nothing_changed")}</li>}
        {changes.made_on && <li className="muted">{t("made_on", { date: date(changes.made_on, language) })}</li>}
        {changes.then ? <li className="muted">{t("figures_then", { date: date(changes.then, language) })}</li> : hasSize && <li className="muted">{t("no_figures_then")}</li>}
      </ul>
    </Section>
  );
}

const MOVED = { share: "people_known", revenue: "share_of_revenue", win_rate: "win_rate" } as const;
const RECIPES = { share: "size", revenue: "revenue", win_rate: "win_rate" } as const;

function plain(value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  if (Array.isArray(value)) return value.map(plain).join(", ");
  if (typeof value === "object") return Object.entries(value).map(([name, inner]) => `${name}: ${plain(inner)}`).join(", ");
  return String(value).slice(0, 160);
}
