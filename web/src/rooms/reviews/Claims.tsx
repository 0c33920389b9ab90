import { Link } from "@tanstack/react-router";
import { FigureView } from "@/parts/FigureView";
import { Section } from "@/parts/Page";
import { Verdict, VERDICTS, type VerdictName } from "@/parts/Verdict";
import { useWords } from "@/words/i18n";
import type { Frozen, Review } from "./review";
import { cardWords, claimWords, stageWords, unitOfClaim, type ReviewWords } from "./Since";

/** The figures as they were known that day, the contradicted first: each leads to its card and its rows, and can become a task. */
export function Claims({ review, words, onRows, onTask }: { review: Review; words?: ReviewWords; onRows: (claim: Frozen) => void; onTask?: (card: string) => void }) {
  const { t, language } = useWords();
  const claims = Object.values(review.claims ?? {}).sort((one, other) => VERDICTS.indexOf(one.verdict as VerdictName) - VERDICTS.indexOf(other.verdict as VerdictName));
  if (!claims.length) return <Section title={t("frozen_figures")} about={t("frozen_about")}><p className="muted">{t("no_claims_yet")}</p></Section>;
  return (
    <Section title={t("frozen_figures")} about={t("frozen_about")}>
      <div className="table-frame" tabIndex={0} role="region" aria-label={t("frozen_figures")}>
        <table className="rows">
          <thead><tr>{[t("verdict"), t("stage"), t("claim"), t("known_figure")].map((name) => <th key={name} scope="col">{name}</th>)}{onTask && <th scope="col"><span className="hidden">{t("more")}</span></th>}</tr></thead>
          <tbody>
            {claims.map((claim) => (
              <tr key={claim.id}>
                <td>{claim.verdict && <Verdict verdict={claim.verdict as VerdictName} />}</td>
                <td>{stageWords(words, claim.stage, language)}</td>
                <td><CardLink map={review.of} card={claim.card} words={words} strong /><br />{claimWords(words, claim.claim, language)}</td>
                <td>{claim.figure && <FigureView figure={claim.figure} unit={unitOfClaim(claim.claim, claim.figure)} behind={{ as_of: review.as_of }} onOpen={claim.card ? () => onRows(claim) : undefined} />}</td>
                {onTask && <td className="number">{claim.card && <button type="button" className="link" onClick={() => onTask(claim.card!)}>{t("make_task")}<span className="hidden"> {cardWords(words, claim.card, language)}</span></button>}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

/** A card by its words, on its map. */
export function CardLink({ map, card, words, strong }: { map?: string; card?: string; words?: ReviewWords; strong?: boolean }) {
  const { language } = useWords();
  const said = cardWords(words, card, language);
  if (!map || !card) return <>{said}</>;
  return <Link className={strong ? "strong" : ""} to="/maps/$slug" params={{ slug: map }} search={{ view: "evidence", card } as never}>{said}</Link>;
}
