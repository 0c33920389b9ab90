import { area, curveMonotoneX, line } from "d3-shape";
import { useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import { useWords } from "@/words/i18n";
import { number, signed } from "@/words/numbers";
import { said } from "@/parts/documents/things";
import { pointsOf, runs, type Column } from "../model/layout";
import type { Feeling } from "../model/types";
import { useScreen } from "./context";
import { lineOf } from "./look";

const HIGH = 168;
const EDGE = 22;
const y = (value: number) => EDGE + ((2 - value) / 4) * (HIGH - 2 * EDGE);
const valueAt = (place: number) => Math.max(-2, Math.min(2, Math.round((2 - ((place - EDGE) / (HIGH - 2 * EDGE)) * 4) * 10) / 10));

/** The feelings curve over all columns: by hand hollow and dashed, measured solid with its band, and gaps where nothing is known. */
export function FeelingsLane({ columns, width }: { columns: Column[]; width: number }) {
  const { t } = useWords();
  const screen = useScreen();
  const personas = [...new Set(Object.values(screen.document.feelings ?? {}).map((point) => point.persona ?? ""))].sort();
  const whose = personas.length ? personas.slice(0, 5) : [""];
  const total = columns.length * width;
  return (
    <div className="curve" style={{ width: total }}>
      <svg width={total} height={HIGH} role="group" aria-label={t("curve")}>
        {[-2, 0, 2].map((value) => (
          <line key={value} x1={0} x2={total} y1={y(value)} y2={y(value)} className={value === 0 ? "curve-zero" : "curve-rule"} />
        ))}
        {whose.map((persona, index) => (
          <Curve key={persona || "all"} persona={persona} columns={columns} width={width} index={index} />
        ))}
      </svg>
    </div>
  );
}

function Curve({ persona, columns, width, index }: { persona: string; columns: Column[]; width: number; index: number }) {
  const screen = useScreen();
  const { colour, dash } = lineOf(index);
  const x = (at: number) => (at + 0.5) * width;
  const measured = pointsOf(screen.document, columns, "measured", persona);
  const hand = pointsOf(screen.document, columns, "hand", persona);
  const target = pointsOf(screen.document, columns, "target", persona);
  const drawn = line<{ at: number; point: Feeling }>().x((one) => x(one.at)).y((one) => y(one.point.value)).curve(curveMonotoneX);
  const band = area<{ at: number; point: Feeling }>()
    .x((one) => x(one.at))
    .y0((one) => y(one.point.low ?? one.point.value))
    .y1((one) => y(one.point.high ?? one.point.value))
    .curve(curveMonotoneX);
  return (
    <g style={{ color: colour }}>
      {runs(target).map((run) => (
        <path key={`t${run[0]!.at}`} d={drawn(run) ?? ""} className="curve-target" />
      ))}
      {runs(hand).map((run) => (
        <path key={`h${run[0]!.at}`} d={drawn(run) ?? ""} className="curve-hand" />
      ))}
      {runs(measured).map((run) => (
        <g key={`m${run[0]!.at}`}>
          <path d={band(run) ?? ""} className="curve-band" />
          <path d={drawn(run) ?? ""} className="curve-measured" strokeDasharray={dash} />
        </g>
      ))}
      {columns.map((column, at) => (
        <Spots key={column.key} column={column} x={x(at)} measured={measured[at] ?? null} hand={hand[at] ?? null} persona={persona} width={width} />
      ))}
    </g>
  );
}

function Spots({ column, x, measured, hand, persona, width }: { column: Column; x: number; measured: Feeling | null; hand: Feeling | null; persona: string; width: number }) {
  const { t, language } = useWords();
  const screen = useScreen();
  const [dragged, setDragged] = useState<number | null>(null);
  const svg = useRef<SVGCircleElement>(null);
  const where = said(column.step ?? column.stage, "title", language);
  const set = (value: number | null) => screen.edit({ do: "feel", stage: column.stage.id, step: column.step?.id ?? "", persona, how: "hand", value });
  const shown = dragged ?? hand?.value ?? null;
  const follow = (event: PointerEvent) => {
    const frame = svg.current?.ownerSVGElement?.getBoundingClientRect();
    if (frame) setDragged(valueAt(event.clientY - frame.top));
  };
  const key = (event: KeyboardEvent) => {
    if (!screen.mayEdit) return;
    const step = event.shiftKey ? 0.5 : 0.1;
    const now = hand?.value ?? 0;
    const next = event.key === "ArrowUp" ? now + step : event.key === "ArrowDown" ? now - step : null;
    if (next !== null) set(Math.max(-2, Math.min(2, Math.round(next * 10) / 10)));
    else if (event.key === "Delete" || event.key === "Backspace") set(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const words = `${where}: ${hand ? `${t("by_hand")} ${signed(hand.value, language)}` : t("curve_no_point")}${measured ? ` · ${t("measured")} ${signed(measured.value, language)} · n ${number(measured.n ?? 0, language)}` : ""}`;
  return (
    <g>
      {measured && (
        <>
          {measured.low !== null && measured.low !== undefined && measured.high !== null && measured.high !== undefined && (
            <line x1={x} x2={x} y1={y(measured.low)} y2={y(measured.high)} className="curve-whisker" />
          )}
          <circle cx={x} cy={y(measured.value)} r={5} className="spot-measured" />
          <text x={x} y={y(measured.value) + (measured.value >= (hand?.value ?? -9) ? -11 : 20)} className="spot-text">
            {signed(measured.value, language)}
          </text>
        </>
      )}
      {shown !== null && !measured && (
        <text x={x} y={y(shown) - 11} className="spot-text spot-text-hand">
          {signed(shown, language)}
        </text>
      )}
      <circle
        ref={svg}
        cx={x}
        cy={y(shown ?? 0)}
        r={shown === null ? 4 : 5}
        className={`spot${shown === null ? " spot-none" : ""}${screen.mayEdit ? " spot-moves" : ""}`}
        tabIndex={0}
        role={screen.mayEdit ? "slider" : "img"}
        aria-label={words}
        {...(screen.mayEdit ? { "aria-valuemin": -2, "aria-valuemax": 2, "aria-valuenow": shown ?? 0, "aria-valuetext": words, "aria-orientation": "vertical" as const } : {})}
        onKeyDown={key}
        onPointerDown={(event) => {
          if (!screen.mayEdit) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          follow(event);
        }}
        onPointerMove={(event) => dragged !== null && follow(event)}
        onPointerUp={() => {
          if (dragged !== null && dragged !== hand?.value) set(dragged);
          setDragged(null);
        }}
      >
        <title>{words}</title>
      </circle>
      {shown === null && !measured && width > 120 && (
        <text x={x} y={y(0) + 18} className="spot-text spot-gap">
          {t("no_answers")}
        </text>
      )}
    </g>
  );
}
