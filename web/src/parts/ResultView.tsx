import { Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { get } from "@/wire/api";
import { columnsOf, type Result, type Row, type Rows } from "@/wire/result";
import { isFigure } from "@/words/figures";
import { useWords } from "@/words/i18n";
import { date, number } from "@/words/numbers";
import { columnName } from "@/words/terms";
import { textOf } from "./CellView";
import { Drawing } from "./Drawing";
import { ExportMenu } from "./ExportMenu";
import { Section } from "./Page";
import { RowTable } from "./RowTable";
import { Side } from "./Side";
import { Answer, Empty } from "./States";
import { address, type Query } from "@/wire/api";

/** An answer: its drawing, its table, what to note, and the rows behind each figure. */
export function ResultView({ result, title, query, drawn = true, above, rowsOf }: { result: Result; title: string; query: Query; drawn?: boolean; above?: ReactNode | ((open: (row: Row) => void) => ReactNode); rowsOf?: string }) {
  const { t, language } = useWords();
  const [all, setAll] = useState(false);
  const [open, setOpen] = useState<Row | null | "all">(null);
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
      {open && <RowsSide name={name} query={query} row={open === "all" ? null : open} columns={names} title={title} onClose={() => setOpen(null)} language={language} />}
    </>
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

/** The records behind a figure, with their export; what tells the row from others narrows them where it can. */
export function RowsSide({ name, query, row, columns, title, onClose, language }: { name: string; query: Query; row: Row | null; columns: string[]; title: string; onClose: () => void; language: "de" | "en" }) {
  const { t } = useWords();
  const keys = row ? keysOf(row, columns) : {};
  const asked = { ...query, limit: 5000 };
  const found = useQuery({ queryKey: ["rows", name, asked], queryFn: () => get<Rows>("/api/v1/analyses/{name}/rows", { path: { name }, query: asked }) });
  const names = useAccountNames();
  const said = Object.entries(keys)
    .map(([key]) => `${columnName(key, language)}: ${textOf(row?.[key], key, language)}`)
    .join(" · ");
  return (
    <Side
      title={t("rows_behind_title", { title })}
      about={said}
      onClose={onClose}
      actions={<ExportMenu formats={["csv", "xlsx"]} address={(format) => address("/api/v1/analyses/{name}/export", { path: { name }, query: { ...query, format, rows: true, language } })} />}
    >
      <Answer of={found}>
        {(data) => {
          const { rows, narrowed } = narrow(data.rows, keys);
          return (
            <>
              <p className="muted">
                {t("records_n", { n: rows.length, shown: number(rows.length, language) })}
                {row && !narrowed && ` · ${t("not_narrowed")}`}
              </p>
              {rows.length ? <RowTable columns={withNames(data.columns)} rows={named(rows, names)} caption={t("rows_behind_title", { title })} /> : <Empty title={t("no_rows")} />}
            </>
          );
        }}
      </Answer>
    </Side>
  );
}

/** The names of the companies, as far as one page of them goes; further ones keep their ids. */
function useAccountNames(): Map<string, string> {
  const found = useQuery({
    queryKey: ["account-names"],
    queryFn: () => get<{ rows: { account_id: string; name: string | null; domain: string | null }[] }>("/api/v1/accounts", { query: { size: 1000, sort: "steps" } }),
    staleTime: 5 * 60_000,
  });
  return new Map((found.data?.rows ?? []).map((row) => [row.account_id, row.name || row.domain || row.account_id]));
}

const withNames = (columns: string[] | undefined) => (columns?.includes("account_id") && !columns.includes("account") ? ["account", ...columns] : columns);

function named(rows: Row[], names: Map<string, string>): Row[] {
  return rows.map((row) => (typeof row.account_id === "string" && !("account" in row) ? { account: names.get(row.account_id) ?? row.account_id, ...row } : row));
}

/** What the records call the columns of an answer. */
const ALSO: Record<string, string> = { journey_kinds: "kind", journey_kind: "kind", from: "source", to: "target", path: "variant", channel: "touch" };

/** The rows that agree with the keys they share, where any of them has such a column. */
export function narrow(rows: Row[], given: Record<string, string>): { rows: Row[]; narrowed: boolean } {
  const keys = Object.fromEntries(Object.entries(given).map(([key, value]) => [rows.some((row) => key in row) ? key : (ALSO[key] ?? key), value]));
  const shared = Object.entries(keys).filter(([key]) => rows.some((row) => key in row));
  if (!shared.length) return { rows, narrowed: false };
  const kept = rows.filter((row) => shared.every(([key, value]) => row[key] === value || row[key] === undefined || value.split(", ").includes(String(row[key]))));
  return kept.length ? { rows: kept, narrowed: true } : { rows, narrowed: false };
}
