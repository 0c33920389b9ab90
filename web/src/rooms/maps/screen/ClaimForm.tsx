import { Button, NumberInput, Select, TagsInput } from "@mantine/core";
import { useState } from "react";
import { useWords } from "@/words/i18n";
import { columnName, MEASURES, touchpointOptions } from "@/words/terms";
import { claimParts, claimText, IN_STAGE, keptBound, OF_STAGE, shownBound, type ClaimParts } from "../model/claimText";
import { said, sorted } from "@/parts/documents/things";
import type { Card } from "../model/types";
import { useScreen } from "./context";

const ASKED = ["coverage", "milestone", "conversion", "dwell", "feeling", "order", "content", "mention", "found"] as const;
const COMPARED = [">=", "<=", "between"] as const;
const WORDS = { ">=": "at_least", "<=": "at_most", between: "between" } as const;

/** A claim put together from choices in words: what is counted, of what, in which stage, and how much the card says it is. */
export function ClaimForm({ card, onClaim }: { card: Card; onClaim: (text: string) => void }) {
  const { t, language } = useWords();
  const { document } = useScreen();
  const [parts, setParts] = useState<ClaimParts>(() => claimParts(card.claim ?? "") ?? { measure: "coverage", names: card.touchpoint ? [card.touchpoint] : [], stage: card.stage ?? "", comparison: ">=", bounds: [0.5] });
  const stages = sorted(document.stages).map((stage) => ({ value: stage.id, label: said(stage, "title", language) || stage.id }));
  const { measure } = parts;
  const ofStage = OF_STAGE.has(measure);
  const of = ofStage ? [parts.names[0] && stages.some(({ value }) => value === parts.names[0]) ? parts.names[0] : (card.stage ?? stages[0]?.value ?? "")] : parts.names;
  const unit = MEASURES[measure]?.unit ?? "";
  const text = claimText({ ...parts, names: of.filter(Boolean) });
  const choose = (next: string) => setParts({ ...parts, measure: next, names: OF_STAGE.has(next) === ofStage ? parts.names : [], bounds: MEASURES[next]?.unit === unit ? parts.bounds : [BEGIN[MEASURES[next]?.unit ?? ""] ?? 1, BEGIN[MEASURES[next]?.unit ?? ""] ?? 1], comparison: next === "found" || next === "dwell" ? "<=" : parts.comparison });
  const bound = (at: number) => (
    <NumberInput
      key={at} className="claim-number" aria-label={t(at ? "claim_to" : "claim_number")} decimalScale={1} decimalSeparator={language === "de" ? "," : "."} suffix={SUFFIX[unit]?.[language === "de" ? 0 : 1] ?? ""}
      value={parts.bounds[at] === undefined ? "" : shownBound(measure, parts.bounds[at])}
      onChange={(value) => setParts({ ...parts, bounds: Object.assign([...parts.bounds], { [at]: keptBound(measure, Number(value)) }) })}
    />
  );
  return (
    <div className="claim-form stack">
      <Select label={t("claim_counts")} data={ASKED.map((value) => ({ value, label: t(`measure_${value}`) }))} value={measure} allowDeselect={false} onChange={(value) => value && choose(value)} />
      {ofStage ? (
        <Select label={t("stage")} data={stages} value={of[0] ?? null} allowDeselect={false} onChange={(value) => value && setParts({ ...parts, names: [value] })} />
      ) : (
        <TagsInput
          label={measure === "mention" ? t("topics") : measure === "found" ? t("searched_for") : columnName(measure === "content" ? "content" : "touchpoint", language)} placeholder={of.length ? "" : t("claim_of_what")}
          data={measure === "mention" || measure === "content" || measure === "found" ? [] : touchpointOptions(language).map(({ label }) => label)}
          value={of.map((name) => touchpointOptions(language).find(({ value }) => value === name)?.label ?? name)} maxTags={measure === "feeling" ? 1 : 8}
          onChange={(labels) => setParts({ ...parts, names: labels.map((label) => touchpointOptions(language).find((one) => one.label === label)?.value ?? label) })}
        />
      )}
      {IN_STAGE.has(measure) && <Select label={t("in_stage")} data={stages} value={parts.stage || null} clearable placeholder={t("in_any_stage")} onChange={(value) => setParts({ ...parts, stage: value ?? "" })} />}
      <div className="row claim-compared">
        <Select aria-label={t("claim_compared")} data={COMPARED.map((value) => ({ value, label: t(WORDS[value]) }))} value={parts.comparison} allowDeselect={false} onChange={(value) => value && setParts({ ...parts, comparison: value as ClaimParts["comparison"] })} />
        {bound(0)}
        {parts.comparison === "between" && <><span className="claim-dash">–</span>{bound(1)}</>}
      </div>
      <div className="row">
        <Button variant="filled" disabled={!text || text === card.claim} onClick={() => onClaim(text)}>{t("claim_set")}</Button>
        {card.claim && <Button onClick={() => onClaim("")}>{t("claim_drop")}</Button>}
      </div>
    </div>
  );
}

const SUFFIX: Record<string, readonly [string, string]> = { share: ["\u00a0%", "%"], days: [" Tage", " days"] };
const BEGIN: Record<string, number> = { share: 0.5, days: 30, score: 0.5, count: 3, position: 3 };
