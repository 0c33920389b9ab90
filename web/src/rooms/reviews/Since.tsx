import { FigureView } from "@/parts/FigureView";
import { Section } from "@/parts/Page";
import { Verdict, type VerdictName } from "@/parts/Verdict";
import type { Figure, Unit } from "@/words/figures";
import { useWords, type Language } from "@/words/i18n";
import { anyTerm, MEASURES, term } from "@/words/terms";

type Said = Record<string, Partial<Record<Language, string>>>;

/** What the map of a review calls its claims, cards and stages, by text or id. */
export interface ReviewWords {
  claims?: Said;
  cards?: Said;
  stages?: Said;
}

interface Change {
  card?: string;
  stage?: string;
  claim?: string;
  what?: string;
  before?: string;
  after?: string;
  verdict?: string;
  figure?: Figure | null;
  figure_before?: Figure | null;
  figure_after?: Figure | null;
}

export interface Since {
  since: Record<string, Change[]> | null;
  stale: string[];
  words?: ReviewWords;
}

const PARTS = ["flips", "moved", "added", "gone", "new_spots", "closed_spots"] as const;
const SHOWN = 30;

export const claimWords = (words: ReviewWords | undefined, claim: string | undefined, language: Language) => words?.claims?.[claim ?? ""]?.[language] ?? claim ?? "";
export const stageWords = (words: ReviewWords | undefined, stage: string | undefined, language: Language) => words?.stages?.[stage ?? ""]?.[language] ?? term("stage", stage, language);
export const cardWords = (words: ReviewWords | undefined, card: string | undefined, language: Language) => words?.cards?.[card ?? ""]?.[language] ?? card ?? "";

/** The unit of what a claim counts. */
export const unitOfClaim = (claim: string | undefined, figure: Figure | null | undefined) => (figure?.unit || MEASURES[/^\w+/.exec(claim ?? "")?.[0] ?? ""]?.unit || "") as Unit;

/** What changed since the review before: verdicts that turned, figures that moved, claims and blind spots that came and went. */
export function Changed({ since }: { since: Since }) {
  const { t } = useWords();
  const parts = PARTS.map((name) => [name, since.since?.[name] ?? []] as const).filter(([, rows]) => rows.length);
  return (
    <Section title={t("since_last")}>
      {!since.since && <p className="muted">{t("first_review")}</p>}
      {since.since && !parts.length && <p className="muted">{t("nothing_changed")}</p>}
      {parts.map(([name, rows]) => (
        <div key={name}>
          <h3>{t(`since_${name}`)}</h3>
          <ul className="list">{rows.slice(0, SHOWN).map((row, at) => <li key={at}><One row={row} words={since.words} /></li>)}</ul>
          {rows.length > SHOWN && <p className="muted">{t("more_changes", { n: rows.length - SHOWN })}</p>}
        </div>
      ))}
      {since.stale.length > 0 && <p className="muted">{t("stale_cards", { n: since.stale.length })}</p>}
    </Section>
  );
}

function One({ row, words }: { row: Change; words?: ReviewWords }) {
  const { language } = useWords();
  const shown = (figure: Figure | null | undefined) => figure && <FigureView figure={figure} unit={row.what ? "share" : unitOfClaim(row.claim, figure)} />;
  return (
    <>
      <p className="row">
        <span className="grow strong">{row.what ? anyTerm(row.what, language) : cardWords(words, row.card, language)}</span>
        {row.before && <Verdict verdict={row.before as VerdictName} />}
        {row.before && row.after !== row.before && <>→ <Verdict verdict={row.after as VerdictName} /></>}
        {row.verdict && <Verdict verdict={row.verdict as VerdictName} />}
        {shown(row.figure_before)}
        {row.figure_before && row.figure_after && "→"}
        {shown(row.figure_after) ?? shown(row.figure)}
      </p>
      <p className="muted">{row.claim ? claimWords(words, row.claim, language) : stageWords(words, row.stage, language)}</p>
    </>
  );
}
