import { FigureView } from "@/parts/FigureView";
import type { Result, Row } from "@/wire/result";
import { isFigure, type Figure } from "@/words/figures";
import { useWords } from "@/words/i18n";
import { number, share } from "@/words/numbers";
import { term } from "@/words/terms";
import "./funnel.css";

const FATES = ["moved_on", "still_open", "dormant", "lost"] as const;

/** The stages as a funnel: how many enter, what becomes of them, how long it takes; one funnel for each kind of journey. */
export function Funnel({ result, onOpen }: { result: Result; onOpen?: (row: Row, figure?: string) => void }) {
  const { t, language } = useWords();
  const groups = new Map<string, Row[]>();
  for (const row of result.rows) groups.set(String(row.journey_kinds ?? row.group ?? ""), [...(groups.get(String(row.journey_kinds ?? row.group ?? "")) ?? []), row]);
  return (
    <div className="funnels">
      {[...groups].map(([kinds, rows]) => {
        const most = Math.max(1, ...rows.map((row) => Number(row.journeys ?? 0)));
        return (
          <section key={kinds} aria-label={kinds}>
            <h2 className="funnel-title">{kinds.split(", ").map((one) => term("kind", one, language)).join(", ")}</h2>
            <ol className="funnel">
              {rows.map((row) => (
                <li key={String(row.stage)}>
                  <span className="funnel-stage">{term("stage", String(row.stage), language)}</span>
                  <button type="button" className="plain funnel-bar" onClick={() => onOpen?.(row)} aria-label={`${term("stage", String(row.stage), language)}: ${t("journeys_n", { n: Number(row.journeys), shown: number(Number(row.journeys), language) })}`}>
                    <span className="funnel-parts" style={{ width: `${Math.max((100 * Number(row.journeys ?? 0)) / most, 2)}%` }}>
                      {FATES.map((fate) => {
                        const figure = row[fate];
                        const value = isFigure(figure) ? (figure.value ?? 0) : 0;
                        return value > 0 ? <span key={fate} className={`funnel-part funnel-${fate}`} style={{ flexGrow: value }} title={`${t(`fate_${fate}`)}: ${share(value, language)}`} /> : null;
                      })}
                    </span>
                    <span className="funnel-n">{number(Number(row.journeys ?? 0), language)}</span>
                  </button>
                  <span className="funnel-figure">{isFigure(row.moved_on) && <FigureView figure={row.moved_on as Figure} unit="share" bare behind={result} onOpen={onOpen && (() => onOpen(row, "moved_on"))} />} <span className="muted">{t("move_on")}</span></span>
                  <span className="funnel-figure">{isFigure(row.median_days) && <FigureView figure={row.median_days as Figure} unit="days" bare behind={result} onOpen={onOpen && (() => onOpen(row, "median_days"))} />}</span>
                </li>
              ))}
            </ol>
          </section>
        );
      })}
      <p className="small muted row legend-fates">
        {FATES.map((fate) => (
          <span key={fate}>
            <span className={`funnel-key funnel-${fate}`} aria-hidden="true" /> {t(`fate_${fate}`)}
          </span>
        ))}
        <span>{t("funnel_about")}</span>
      </p>
    </div>
  );
}
