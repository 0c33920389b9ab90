import { FigureView } from "@/parts/FigureView";
import { useWords } from "@/words/i18n";
import { days } from "@/words/numbers";
import type { Figure } from "@/words/figures";
import { said } from "@/parts/documents/things";
import type { Stage } from "../model/types";
import { useScreen } from "./context";

interface Span {
  stage: Stage;
  planned: number | null;
  actual: Figure | null;
}

/** Planned days above, actual days below, on one even axis; a stage whose whole interval lies over its plan is marked. */
export function TimeLine({ stages, width }: { stages: Stage[]; width: number }) {
  const { t, language } = useWords();
  const screen = useScreen();
  // What the map itself has measured comes first: print and claims say it too, and it counts stays of lost journeys.
  const spans: Span[] = stages.map((stage) => ({ stage, planned: stage.planned_days ?? null, actual: measuredOf(stage) ?? screen.stages.get(stage.id)?.median_days ?? null }));
  const planned = sum(spans.map((span) => span.planned));
  const actual = sum(spans.map((span) => span.actual?.value ?? null));
  const total = Math.max(planned, actual, 1);
  const scale = (width - 24) / total;
  const step = [5, 10, 20, 30, 60, 90, 180, 365].find((one) => total / one <= 8) ?? 730;
  const ticks = Array.from({ length: Math.floor(total / step) + 1 }, (_, number) => number * step);
  if (!planned && !actual) return <p className="timeline-none muted">{t("timeline_none")}</p>;
  return (
    <div className="timeline" style={{ width }}>
      <Bars label={t("planned")} spans={spans.map((span) => ({ stage: span.stage, days: span.planned, late: false }))} scale={scale} kind="planned" />
      <Bars label={t("actual")} spans={spans.map((span) => ({ stage: span.stage, days: span.actual?.value ?? null, late: isLate(span) }))} scale={scale} kind="actual" />
      <svg width={width} height={18} aria-hidden="true">
        {ticks.map((day) => (
          <text key={day} x={12 + day * scale} y={12} className="timeline-tick" textAnchor={day === 0 ? "start" : "middle"}>
            {day === 0 ? t("day_0") : day}
          </text>
        ))}
      </svg>
      <p className="hidden">{spans.map((span) => `${said(span.stage, "title", language)}: ${t("planned")} ${days(span.planned, language)}, ${t("actual")} ${days(span.actual?.value, language)}`).join("; ")}</p>
    </div>
  );
}

/** The days of one stage in words: planned and actual, and whether it takes longer than planned. */
export function StageDays({ stage }: { stage: Stage }) {
  const { t, language } = useWords();
  const screen = useScreen();
  const span: Span = { stage, planned: stage.planned_days ?? null, actual: measuredOf(stage) ?? screen.stages.get(stage.id)?.median_days ?? null };
  if (span.planned === null && span.actual === null) return null;
  return (
    <span>
      {span.planned !== null && `${t("planned")} ${days(span.planned, language)}`}
      {span.planned !== null && span.actual !== null && " · "}
      {span.actual !== null && <>{t("actual")} <FigureView figure={span.actual} unit="days" behind={{ as_of: screen.check?.as_of }} /></>}
      {isLate(span) && <span className="late"> ▲ {t("later_than_planned")}</span>}
    </span>
  );
}

function Bars({ label, spans, scale, kind }: { label: string; spans: { stage: Stage; days: number | null; late: boolean }[]; scale: number; kind: "planned" | "actual" }) {
  const { t, language } = useWords();
  return (
    <div className="timeline-row" aria-hidden="true">
      {spans.map(({ stage, days: length, late }, at) => {
        if (length === null) return null;
        const wide = length * scale;
        const words = `${said(stage, "title", language)} · ${label} ${days(length, language)}${late ? ` · ${t("later_than_planned")}` : ""}`;
        return (
          <span key={stage.id} className={`timeline-bar timeline-${kind}${late ? " timeline-late" : ""}`} style={{ width: Math.max(wide - 2, 1), ...(kind === "actual" && !late ? { background: `var(--stage-${Math.min(9, 1 + Math.round((at / Math.max(spans.length - 1, 1)) * 8))})` } : {}) }} title={words}>
            {wide > 40 ? `${late ? "▲ " : ""}${days(length, language)}` : ""}
          </span>
        );
      })}
      <span className="timeline-label">{label}</span>
    </div>
  );
}

function measuredOf(stage: Stage): Figure | null {
  const measured = stage.measured;
  return measured && measured.value !== null && measured.value !== undefined ? { value: measured.value, low: measured.low, high: measured.high, n: measured.n ?? 0 } : null;
}

function isLate({ planned, actual }: Span): boolean {
  return planned !== null && actual !== null && actual.low !== null && actual.low !== undefined && actual.low > planned;
}

function sum(values: (number | null)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}
