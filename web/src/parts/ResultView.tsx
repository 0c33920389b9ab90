import { Switch } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { get } from "@/wire/api";
import { columnsOf, type Result, type Row, type Rows } from "@/wire/result";
import { isFigure } from "@/words/figures";
import { useWords } from "@/words/i18n";
import { date, number } from "@/words/numbers";
import { columnName } from "@/words/terms";
import { textOf } from "./CellView";
import { Drawing } from "./Drawing";
import { FigureView } from "./FigureView";
import { Section } from "./Page";
import { RowsPanel } from "./RowsPanel";
import { RowTable } from "./RowTable";
import { Empty } from "./States";
import { address, type Query } from "@/wire/api";

/** An answer: its drawing, its table, what to note, and the rows behind each figure. */
export function ResultView({ result, title, query, drawn = true, above, rowsOf }: { result: Result; title: string; query: Query; drawn?: boolean; above?: ReactNode | ((open: (row: Row, figure?: string) => void) => ReactNode); rowsOf?: string }) {
  const { t, language } = useWords();
  const [all, setAll] = useState(false);
  const [shown, setShown] = useState<{ row: Row | null; figure?: string } | null>(null);
  const setOpen = (row: Row | "all", figure?: string) => setShown({ row: row === "all" ? null : row, figure });
  const names = columnsOf(result);
  const brief = result.brief?.length ? result.brief : names;
  const hasMore = brief.length < names.length;
  const name = rowsOf ?? result.analysis;
  const lead = typeof above === "function" ? above(setOpen) : above;
  if (!result.rows.length)
    return (
      <>
        {lead}
        <Empty title={t("no_rows")}>{t("no_rows_next")}</Empty>
        <Notes result={result} />
      </>
    );
  return (
    <>
      <Headline result={result} onOpen={() => setOpen("all")} />
      {lead}
      {drawn && result.drawing && <Drawing spec={result.drawing} label={title} />}
      <Section
        title={t("figures_table")}
        actions={
          <div className="row noprint">
            {hasMore && <Switch size="xs" label={t("all_columns")} checked={all} onChange={(event) => setAll(event.currentTarget.checked)} />}
            <button type="button" className="link" onClick={() => setOpen("all")}>
              {t("rows_behind")}
            </button>
          </div>
        }
      >
        <RowTable columns={all || !hasMore ? names : brief} rows={result.rows} behind={result} caption={title} onOpen={setOpen} />
      </Section>
      <Notes result={result} />
      {shown && <RowsSide key={`${names.map((one) => String(shown.row?.[one])).join()}${shown.figure}`} name={name} query={query} row={shown.row} figure={shown.figure} columns={names} title={title} onClose={() => setShown(null)} language={language} />}
    </>
  );
}

/** The numbers that answer the question at a glance; of an answer with a lead sentence, that says them. */
function Headline({ result, onOpen }: { result: Result; onOpen: () => void }) {
  const { language } = useWords();
  const numbers = (result.headline ?? []).filter((one) => !isFigure(one.value) || one.value.value !== null);
  if (!numbers.length || LED.has(result.analysis)) return null;
  return (
    <dl className="keyfigures headline">
      {numbers.map(({ words, value }) => (
        <div key={words}>
          <dd className="value">{isFigure(value) ? <FigureView big figure={value} behind={result} onOpen={onOpen} /> : number(value, language)}</dd>
          <dt className="muted">{words}</dt>
        </div>
      ))}
    </dl>
  );
}

/** What travels with the figures: recipe, period, state of knowledge, caveats. */
export function Notes({ result }: { result: Result }) {
  const { t, language } = useWords();
  const counted = result.population?.journeys ?? result.population?.accounts;
  return (
    <footer className="small">
      <p className="muted">
        {result.recipe.words} · {t("recipe_version", { name: result.recipe.name, version: result.recipe.version })}
        {typeof counted === "number" && ` · ${t("journeys_n", { n: counted, shown: number(counted, language) })}`}
        {result.as_of && ` · ${t("as_of")} ${date(result.as_of, language)}`}
      </p>
      {result.caveats && result.caveats.length > 0 && (
        <ul className="notes" aria-label={t("caveats")}>
          {result.caveats.map((caveat) => (
            <li key={caveat}>{caveat}</li>
          ))}
        </ul>
      )}
      {result.sql && (
        <details>
          <summary className="muted">{t("query_behind")}</summary>
          <pre tabIndex={0}>{result.sql}</pre>
        </details>
      )}
    </footer>
  );
}

/** The words by which a row of an answer is told from the others. */
export function keysOf(row: Row, columns: string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of columns) {
    const value = row[name];
    if (typeof value === "string" && !isFigure(value) && !/^\d{4}-\d\d-\d\dT/.test(value) && name !== "revived_by") found[name] = value;
  }
  return found;
}

/** The records behind a figure, with their export; what tells its row from the others, and what it counts, narrows them. */
export function RowsSide({ name, query, row, figure, columns, title, onClose, language }: { name: string; query: Query; row: Row | null; figure?: string; columns: string[]; title: string; onClose: () => void; language: "de" | "en" }) {
  const keys = row ? keysOf(row, columns) : {};
  const narrowing: Query = row ? { only: Object.entries(keys).map(([key, value]) => `${key}:${value}`), figure: figure ?? "" } : {};
  const asked = { ...query, ...narrowing, limit: LARGEST };
  const said = [
    ...Object.keys(keys).map((key) => `${columnName(key, language)}: ${textOf(row?.[key], key, language, row ?? undefined)}`),
    ...(figure && isFigure(row?.[figure]) ? [`${columnName(figure, language)}: ${textOf(row?.[figure], figure, language, row ?? undefined)}`] : []),
  ].join(" · ");
  return (
    <RowsPanel
      title={title} about={said} said={[title, said].filter(Boolean).join(" · ")} id={[name, asked]} onClose={onClose}
      load={() => get<Rows>("/api/v1/analyses/{name}/rows", { path: { name }, query: asked })}
      exported={(format) => address("/api/v1/analyses/{name}/export", { path: { name }, query: { ...query, ...narrowing, format, rows: true, language } })}
    />
  );
}

const LARGEST = 5000;
const LED = new Set(["stages", "blockers"]);
