import { memo } from "react";
import { shapeOf, verdictKey, type VerdictName } from "@/parts/Verdict";
import { amount, range, reason, type Figure, type Unit } from "@/words/figures";
import { useWords } from "@/words/i18n";
import { number } from "@/words/numbers";
import { term, MEASURES } from "@/words/terms";
import type { TextKey } from "@/words/texts";
import { said } from "@/parts/documents/things";
import type { Card, CheckedClaim } from "../model/types";
import type { Level } from "./look";

interface Props {
  card: Card;
  claim: CheckedClaim | undefined;
  comments: number;
  evidence: boolean;
  level: Level;
  language: "de" | "en";
}

const MARKS: Record<string, string> = { hypothesis: "H", interview: "I", survey: "S", data: "D", "co-creation": "C" };

/** What a card shows: verdict, text, figure and where it comes from. */
export const CardFace = memo(function CardFace({ card, claim, comments, evidence, level, language }: Props) {
  const { t } = useWords();
  const text = said(card, "text", language);
  const verdict = claim?.verdict;
  const quote = level === "full" ? Object.values(card.evidence ?? {}).find((link) => link.quote)?.quote : undefined;
  const provenance = card.provenance ?? "hypothesis";
  return (
    <>
      <span className="card-top">
        <span className="card-text">
        {verdict && (
          <span className={`card-shape verdict-${verdict}`} aria-hidden="true">
            {shapeOf(verdict)}
          </span>
        )}
        {card.moment_of_truth && <span title={t("moment_of_truth")}>★ </span>}
        {text || <span className="muted">{t("card_empty")}</span>}
        {verdict && <span className="hidden"> · {t(verdictKey(verdict))}</span>}
        </span>
        <span className={`mark mark-${provenance}`} title={t(`provenance_${provenance}` as TextKey)}>
          <span aria-hidden="true">{MARKS[provenance]}</span>
          <span className="hidden">{t(`provenance_${provenance}` as TextKey)}</span>
        </span>
      </span>
      {quote && <span className="card-quote">{language === "de" ? `„${quote}“` : `“${quote}”`}</span>}
      {evidence && claim && <ClaimLine claim={claim} language={language} />}
      {evidence && !claim && card.figure && <MeasuredLine card={card} language={language} />}
      {((level === "full" && card.channel) || card.role || comments > 0) && (
        <span className="card-foot">
          {level === "full" && card.channel && <span>{term("channel", card.channel, language)}</span>}
          {card.role && <span>{term("role", card.role, language)}</span>}
          {comments > 0 && <span>{t("comments_n", { n: comments })}</span>}
        </span>
      )}
    </>
  );
});

/** The figure a card quotes from the data, where it claims nothing. */
function MeasuredLine({ card, language }: { card: Card; language: "de" | "en" }) {
  const measured = card.figure!;
  const figure: Figure = { value: measured.value ?? null, low: measured.low, high: measured.high, n: measured.n ?? 0, why: measured.why };
  const unit = (measured.unit ?? "") as Unit;
  const spread = range(figure, unit, language);
  return (
    <span className="card-data">
      {figure.value === null ? reason(figure) : amount(figure.value, unit, language)}
      {spread && ` (${spread})`} · n {number(figure.n, language)}
    </span>
  );
}

/** The figure under a claim: value, interval and n; a contradicted claim shows both numbers. */
export function ClaimLine({ claim, language }: { claim: CheckedClaim; language: "de" | "en" }) {
  const { t } = useWords();
  const figure = claim.figure;
  const unit = unitOfClaim(claim);
  if (!figure || figure.value === null)
    return (
      <span className="card-data">
        {figure?.why === "too few" ? `${t("too_few")} · n ${number(figure.n, language)}` : figure ? reason(figure as Figure) : t("no_data")}
      </span>
    );
  const spread = range(figure, unit, language);
  return (
    <span className="card-data">
      {amount(figure.value, unit, language)}
      {spread && ` (${spread})`} · n {number(figure.n, language)}
      {(claim.verdict === "contradicted" || claim.verdict === "undecided") && <span className="card-says"> · {t("map_says", { claim: comparisonOf(claim, language) })}</span>}
    </span>
  );
}

export function unitOfClaim(claim: CheckedClaim): Unit {
  const measure = /^\s*(\w+)\s*\(/.exec(claim.claim)?.[1] ?? "";
  const unit = claim.figure?.unit || MEASURES[measure]?.unit || "";
  return unit as Unit;
}

/** The comparison of a claim in the reader's numbers: `>= 0.5` becomes `≥ 50 %`. */
export function comparisonOf(claim: CheckedClaim, language: "de" | "en"): string {
  const unit = unitOfClaim(claim);
  const found = /(>=|<=|>|<)\s*(-?[\d.]+)/.exec(claim.claim);
  const between = /between\s+(-?[\d.]+)\s+and\s+(-?[\d.]+)/.exec(claim.claim);
  if (between) return `${amount(Number(between[1]), unit, language)}–${amount(Number(between[2]), unit, language)}`;
  if (!found) return claim.claim;
  const sign = { ">=": "≥", "<=": "≤", ">": ">", "<": "<" }[found[1]!] ?? found[1];
  return `${sign}\u00a0${amount(Number(found[2]), unit, language)}`;
}

export function verdictOf(claim: CheckedClaim | undefined): VerdictName | "none" {
  return claim?.verdict ?? "none";
}
