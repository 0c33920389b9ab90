import { useMemo } from "react";
import { FigureView } from "@/parts/FigureView";
import { useOwn } from "@/parts/filters";
import { Section } from "@/parts/Page";
import type { Result, Row } from "@/wire/result";
import { isFigure, type Figure } from "@/words/figures";
import { useWords } from "@/words/i18n";
import { number } from "@/words/numbers";
import { anyTerm, columnName } from "@/words/terms";
import { compared } from "./compared";
import "./comparator.css";

const MEASURES = ["deals", "value"] as const;

/** Models side by side: what each credits each channel with, on one scale, with interval and rank; a click opens the touches. */
export function Comparator({ result, onOpen }: { result: Result; onOpen: (row: Row, figure?: string) => void }) {
  const { t, language } = useWords();
  const [asked, setAsked] = useOwn("measure");
  const measure = asked === "value" ? "value" : "deals";
  const table = useMemo(() => compared(result.rows, measure), [result.rows, measure]);
  const [thing] = result.columns ?? [];
  if (!table || !thing) return null;
  return (
    <Section
      title={t("models_compared")}
      about={t("models_compared_about")}
      actions={
        <div className="switch noprint" role="group" aria-label={t("measured_in")}>
          {MEASURES.map((one) => <button key={one} type="button" aria-pressed={measure === one} onClick={() => setAsked(one === "deals" ? undefined : one)}>{columnName(one, language)}</button>)}
        </div>
      }
    >
      <div className="table-frame" tabIndex={0} role="region" aria-label={t("models_compared")}>
        <table className="rows comparator">
          <thead>
            <tr>
              <th scope="col">{columnName(thing, language)}</th>
              <th scope="col">{t("ranks")}</th>
              {table.models.map((model) => <th key={model} scope="col">{anyTerm(model, language)}</th>)}
              {table.costs && <th scope="col" className="number">{columnName("cost", language)}</th>}
            </tr>
          </thead>
          <tbody>
            {table.lines.map((line) => (
              <tr key={line.name}>
                <th scope="row">{anyTerm(line.name, language)}</th>
                <td className="nowrap">{line.best === line.worst ? line.best : <span className="strong">{`${line.best}–${line.worst}`}</span>}</td>
                {table.models.map((model) => {
                  const row = line.cells.get(model);
                  const figure = row?.[measure];
                  return (
                    <td key={model}>
                      {row && isFigure(figure) && (
                        <>
                          <span className="row comparator-top">
                            <FigureView figure={figure} column={measure} unit={measure === "value" ? "money" : "count"} currency={table.currency} bare behind={result} onOpen={() => onOpen(row, measure)} />
                            <span className="muted small" title={t("rank_range", { low: number(Number(row.rank_low ?? row.rank), language), high: number(Number(row.rank_high ?? row.rank), language) })}>{`#${String(row.rank)}`}</span>
                          </span>
                          <Bar figure={figure} most={table.most} />
                        </>
                      )}
                    </td>
                  );
                })}
                {table.costs && <td className="number">{isFigure(line.costPerDeal) ? <FigureView figure={line.costPerDeal} unit="money" currency={table.currency} bare behind={result} onOpen={line.costRow && (() => onOpen(line.costRow!, "cost_per_deal"))} /> : ""}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

/** The interval as a line with its value as a point, on the scale that all cells share. */
function Bar({ figure, most }: { figure: Figure; most: number }) {
  if (figure.value === null || most <= 0) return null;
  const at = (value: number) => Math.max(0, Math.min(100, (100 * value) / most));
  const [low, high] = [at(figure.low ?? figure.value), at(figure.high ?? figure.value)];
  return (
    <svg className="comparator-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <line x1="0" x2="100" y1="4" y2="4" className="comparator-rail" />
      <line x1={low} x2={high} y1="4" y2="4" className="comparator-range" />
      <line x1={at(figure.value)} x2={at(figure.value)} y1="0" y2="8" className="comparator-point" />
    </svg>
  );
}
