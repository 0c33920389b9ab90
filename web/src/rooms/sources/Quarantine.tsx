import { Button, Select, TextInput } from "@mantine/core";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ExportMenu } from "@/parts/ExportMenu";
import { useOwn } from "@/parts/filters";
import { textOf } from "@/parts/CellView";
import { Answer, Empty, FaultNote } from "@/parts/States";
import { useTyped } from "@/parts/typed";
import { address, get, post } from "@/wire/api";
import type { Cell } from "@/wire/result";
import { useMay } from "@/wire/session";
import { useWords } from "@/words/i18n";
import { number } from "@/words/numbers";
import { columnName, systemName } from "@/words/terms";

interface Broken {
  number: number;
  import_id: string;
  file: string;
  line: number | null;
  reason: string;
  text: string;
  cells?: { table?: string; cells?: Record<string, unknown> };
}

interface Found {
  total: number;
  sources: { source: string; n: number }[];
  reasons: { reason: string; said: string; n: number }[];
  files: { file: string; n: number }[];
  rows: Broken[];
}

const STEP = 100;

/** Records that could not be used: found by words, source, file and reason, each to be mended and brought in again. */
export function Quarantine() {
  const { t, language } = useWords();
  const may = useMay("editor");
  const [search, typed, setTyped] = useTyped();
  const [source, setSource] = useOwn("source");
  const [file, setFile] = useOwn("file");
  const [reason, setReason] = useOwn("reason");
  const [many, setMany] = useState(STEP);
  const asking = { search: search || undefined, source: source || undefined, file: file || undefined, reason: reason || undefined };
  const query = { ...asking, limit: many };
  const found = useQuery({ queryKey: ["quarantine", language, query], queryFn: () => get<Found>("/api/v1/sources/quarantine", { query }), placeholderData: keepPreviousData });
  const asked = Boolean(search || source || file || reason);
  const counted = (said: string, n: number) => `${said} (${number(n, language)})`;
  return (
    <Answer of={found}>
      {(data) =>
        !data.total && !asked ? (
          <Empty title={t("quarantine_empty")}>{t("quarantine_empty_next")}</Empty>
        ) : (
          <>
            <p className="muted">{t("quarantine_about")}</p>
            <div className="row list-asked" role="search">
              <TextInput label={t("search_records")} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
              <Select label={t("reason")} placeholder={t("all_reasons")} clearable searchable data={data.reasons.map((one) => ({ value: one.reason, label: counted(one.said, one.n) }))} value={reason || null} onChange={(value) => setReason(value ?? undefined)} />
              <Select label={t("source")} placeholder={t("all_sources")} clearable searchable data={data.sources.map((one) => ({ value: one.source, label: counted(systemName(one.source, language), one.n) }))} value={source || null} onChange={(value) => setSource(value ?? undefined)} />
              <Select label={t("file")} placeholder={t("all_files")} clearable searchable data={data.files.map((one) => ({ value: one.file, label: counted(one.file, one.n) }))} value={file || null} onChange={(value) => setFile(value ?? undefined)} />
              <span className="grow" />
              <ExportMenu formats={["csv", "xlsx"]} address={(format) => address("/api/v1/sources/quarantine/export", { query: { ...asking, format, language } })} />
            </div>
            <p className="muted" role="status">{t("in_quarantine", { n: data.total, shown: number(data.total, language) })}</p>
            {!data.total && <Empty title={t("no_rows")}>{t("no_rows_next")}</Empty>}
            <ul className="list">
              {data.rows.map((row) => (
                <One key={row.number} row={row} may={may} />
              ))}
            </ul>
            {data.total > data.rows.length && data.rows.length < MOST && (
              <button type="button" className="link more" onClick={() => setMany(Math.min(many + STEP, MOST))}>{t("rows_more", { n: data.total - data.rows.length })}</button>
            )}
          </>
        )
      }
    </Answer>
  );
}

/** Records that the page shows at most; the spreadsheet has all of them. */
const MOST = 1000;

function One({ row, may }: { row: Broken; may: boolean }) {
  const { t, language } = useWords();
  const queries = useQueryClient();
  const table = row.cells?.table;
  const before = Object.entries(row.cells?.cells ?? {}).filter(([name]) => name !== "source");
  const [cells, setCells] = useState<Record<string, string> | null>(null);
  const source = String(row.cells?.cells?.source ?? (row.file.replace(/\W+/g, "-").slice(0, 60) || "repair"));
  const repair = useMutation({
    mutationFn: () => post("/api/v1/sources/quarantine/repair", { table, source, rows: [cells] }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["quarantine"] }),
  });
  const start = () => setCells(Object.fromEntries(before.map(([name, value]) => [name, value === null || value === undefined ? "" : String(value)])));
  return (
    <li>
      <p className="row">
        <span className="strong grow">{row.reason}</span>
        <span className="muted">{row.file}{row.line !== null && ` · ${t("line_n", { n: row.line })}`}</span>
        {may && table && cells === null && <Button onClick={start}>{t("mend")}</Button>}
      </p>
      {cells === null ? (
        <p className="small muted record-text">{before.length ? before.map(([name, value]) => `${columnName(name, language)}: ${textOf(value as Cell, name, language)}`).join(" · ") : row.text}</p>
      ) : (
        <div className="stack">
          <div className="mapping">
            {before.map(([name]) => (
              <TextInput key={name} label={columnName(name, language)} value={cells[name] ?? ""} onChange={(event) => setCells({ ...cells, [name]: event.currentTarget.value })} />
            ))}
          </div>
          {repair.error && <FaultNote error={repair.error} />}
          {repair.isSuccess && <p role="status">{t("brought_in")}</p>}
          <div className="row">
            <Button variant="filled" onClick={() => repair.mutate()} loading={repair.isPending}>{t("bring_in")}</Button>
            <Button onClick={() => setCells(null)}>{t("cancel")}</Button>
          </div>
        </div>
      )}
    </li>
  );
}
