import { Link } from "@tanstack/react-router";
import { FigureView } from "@/parts/FigureView";
import type { Result, Row } from "@/wire/result";
import { isFigure } from "@/words/figures";
import { useWords } from "@/words/i18n";
import { number } from "@/words/numbers";
import { anyTerm, term } from "@/words/terms";

interface Props {
  result: Result;
  onOpen: (row: Row, figure?: string) => void;
}

/** The one thing to take away, in a sentence with its figure, where an answer has such a thing. */
export function Lead({ name, ...rest }: Props & { name: string }) {
  if (name === "stages") return <WorstStage {...rest} />;
  if (name === "blockers") return <Biggest {...rest} />;
  return null;
}

function WorstStage({ result, onOpen }: Props) {
  const { t, language } = useWords();
  const worst = result.rows
    .filter((row) => isFigure(row.drop_off) && row.drop_off.value !== null && row.journey_kinds === result.rows[0]?.journey_kinds)
    .reduce<Row | null>((most, row) => (most === null || value(row, "drop_off") > value(most, "drop_off") ? row : most), null);
  if (!worst || !isFigure(worst.drop_off)) return null;
  return (
    <p className="lead-line">
      {t("lead_stage", { stage: term("stage", String(worst.stage), language) })} <FigureView figure={worst.drop_off} unit="share" behind={result} onOpen={() => onOpen(worst, "drop_off")} /> · {t("lead_compare")}{" "}
      <Link to="/blockers">{t("room_blockers")}</Link>
    </p>
  );
}

function Biggest({ result, onOpen }: Props) {
  const { t, language } = useWords();
  const first = result.rows[0];
  if (!first || !isFigure(first.risk_ratio)) return null;
  const stage = first.stage ? term("stage", String(first.stage), language) : "";
  return (
    <p className="lead-line">
      {t("lead_blocker", { thing: anyTerm(String(first.thing), language), stage })} <FigureView figure={first.risk_ratio} unit="ratio" behind={result} onOpen={() => onOpen(first, "risk_ratio")} />
      {typeof first.ended === "number" && typeof first.met === "number" && <br />}
      {typeof first.ended === "number" && typeof first.met === "number" && <span className="muted">{t("lead_blocker_ended", { ended: number(first.ended, language), met: number(first.met, language), expected: number(Number(first.expected ?? 0), language) })}</span>}
    </p>
  );
}

const value = (row: Row, column: string) => (isFigure(row[column]) ? (row[column].value ?? -1) : -1);
