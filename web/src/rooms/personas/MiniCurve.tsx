import { curveMonotoneX, line } from "d3-shape";
import { useWords } from "@/words/i18n";
import { signed } from "@/words/numbers";
import { term } from "@/words/terms";

const WIDE = 110;
const HIGH = 28;

/** A curve in small: measured where it was measured, else as drawn by hand. */
export function MiniCurve({ points }: { points: { stage: string; how: string; value: number }[] }) {
  const { t, language } = useWords();
  const stages = [...new Set(points.map((one) => one.stage))];
  const best = stages.map((stage) => points.find((one) => one.stage === stage && one.how === "measured") ?? points.find((one) => one.stage === stage)!);
  if (best.length < 2) return null;
  const x = (at: number) => 4 + (at * (WIDE - 8)) / (best.length - 1);
  const y = (value: number) => 3 + ((2 - value) / 4) * (HIGH - 6);
  const path = line<{ value: number }>().x((_, at) => x(at)).y((one) => y(one.value)).curve(curveMonotoneX)(best) ?? "";
  const words = best.map((one) => `${term("stage", one.stage, language)} ${signed(one.value, language)}`).join(", ");
  return (
    <svg className="mini-curve" width={WIDE} height={HIGH} role="img" aria-label={`${t("curve")}: ${words}`}>
      <line x1={0} x2={WIDE} y1={y(0)} y2={y(0)} className="curve-zero" />
      <path d={path} />
    </svg>
  );
}
