import { Slider } from "@mantine/core";
import { useMemo, useState } from "react";
import { FigureView } from "@/parts/FigureView";
import { useOwn } from "@/parts/filters";
import type { Result, Row } from "@/wire/result";
import { isFigure } from "@/words/figures";
import { useWords } from "@/words/i18n";
import { days, number } from "@/words/numbers";
import { anyTerm } from "@/words/terms";
import { daysOf, graphOf, NODE, pathOf, type Edge } from "./flow";
import "./flow.css";

/** The journeys as a graph: thickness is how often, colour how long; the slider begins with the commonest way. The figures of a chosen move open its journeys. */
export function Flow({ result, onOpen }: { result: Result; onOpen: (row: Row, figure?: string) => void }) {
  const { t, language } = useWords();
  const [edge, setEdge] = useState<Edge | null>(null);
  const [colour, setColour] = useOwn("colour", "time");
  const possible = result.rows.filter((row) => row.from !== row.to).length;
  const [limit, setLimit] = useState(Math.min(24, possible));
  const graph = useMemo(() => graphOf(result.rows, limit), [result, limit]);
  const tone = (one: Edge) => {
    if (colour === "won") {
      const difference = one.row.difference;
      if (!isFigure(difference) || difference.value === null || (difference.low ?? -1) * (difference.high ?? 1) <= 0) return "flow-even";
      return difference.value > 0 ? "flow-more-won" : "flow-more-lost";
    }
    const wait = daysOf(one.row) ?? 0;
    return wait >= 14 ? "flow-slow" : wait >= 3 ? "flow-middle" : "flow-quick";
  };
  return (
    <div className="stack">
      <div className="row noprint flow-controls">
        <div className="flow-slider">
          <span id="flow-limit" className="small muted">{t("moves_shown", { n: limit })}</span>
          <Slider min={4} max={Math.max(possible, 5)} value={limit} onChange={setLimit} label={null} size="sm" thumbLabel={t("moves_shown", { n: limit })} aria-labelledby="flow-limit" />
        </div>
        <div className="switch" role="group" aria-label={t("colour_by")}>
          <button type="button" aria-pressed={colour === "time"} onClick={() => setColour(undefined)}>{t("colour_time")}</button>
          <button type="button" aria-pressed={colour === "won"} onClick={() => setColour("won")}>{t("colour_won")}</button>
        </div>
        <span className="small muted">{colour === "won" ? t("flow_legend_won") : t("flow_legend_time")}</span>
      </div>
      <div className="flow" tabIndex={0} role="region" aria-label={t("flow_graph")}>
        <svg width={graph.width} height={graph.height} role="group" aria-label={t("flow_graph")}>
          <defs>
            <marker id="flow-tip" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0,0 L8,4 L0,8 Z" fill="context-stroke" /></marker>
          </defs>
          {graph.edges.map((one) => {
            const words = `${anyTerm(one.from.id, language)} → ${anyTerm(one.to.id, language)}: ${number(one.moves, language)} · ${days(daysOf(one.row), language)}`;
            const chosen = edge !== null && edge.from.id === one.from.id && edge.to.id === one.to.id;
            return (
              <g key={`${one.from.id}>${one.to.id}`} className={`flow-edge ${tone(one)}${one.back ? " flow-back" : ""}${chosen ? " flow-chosen" : ""}`} role="button" tabIndex={0} aria-label={words} aria-pressed={chosen} onClick={() => setEdge(one)} onKeyDown={(event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); setEdge(one); } }}>
                <path d={pathOf(one)} className="flow-hit" />
                <path d={pathOf(one)} strokeWidth={1 + 9 * one.share} markerEnd="url(#flow-tip)" className="flow-line" />
                <title>{words}</title>
              </g>
            );
          })}
          {graph.nodes.map((node) => (
            <g key={node.id} transform={`translate(${node.x - NODE.width / 2},${node.y - NODE.height / 2})`} className={`flow-node flow-${node.id}`}>
              <rect width={NODE.width} height={NODE.height} rx={6} />
              <text x={NODE.width / 2} y={21} textAnchor="middle">{clip(anyTerm(node.id, language))}</text>
              <title>{anyTerm(node.id, language)}</title>
            </g>
          ))}
        </svg>
      </div>
      {edge && (
        <p className="lead-line">
          <span className="strong">{anyTerm(edge.from.id, language)} → {anyTerm(edge.to.id, language)}</span>: {t("moves_n", { n: edge.moves, shown: number(edge.moves, language) })}
          {isFigure(edge.row.share) && <> · {t("of_journeys")} <FigureView figure={edge.row.share} unit="share" behind={result} onOpen={() => onOpen(edge.row, "share")} /></>}
          {isFigure(edge.row.median_days) && <> · {t("median")} <FigureView figure={edge.row.median_days} unit="days" behind={result} onOpen={() => onOpen(edge.row, "median_days")} /></>}
          {isFigure(edge.row.won) && <> · {t("then_won")} <FigureView figure={edge.row.won} unit="share" behind={result} onOpen={() => onOpen(edge.row, "won")} /></>}
        </p>
      )}
    </div>
  );
}

const clip = (text: string) => (text.length > 21 ? `${text.slice(0, 20)}…` : text);
