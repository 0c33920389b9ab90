import { Button, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ExportMenu } from "@/parts/ExportMenu";
import { Answer, Empty, FaultNote } from "@/parts/States";
import { address, get, post } from "@/wire/api";
import { useMay } from "@/wire/session";
import { useWords } from "@/words/i18n";
import { columnName } from "@/words/terms";

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
  reasons: { reason: string; n: number }[];
  rows: Broken[];
}

/** Records that could not be used: each with file, line and reason, to be mended and brought in again. */
export function Quarantine() {
  const { t, language } = useWords();
  const may = useMay("editor");
  const found = useQuery({ queryKey: ["quarantine"], queryFn: () => get<Found>("/api/v1/sources/quarantine") });
  return (
    <Answer of={found}>
      {(data) => {
        const { rows } = data;
        if (!rows.length) return <Empty title={t("quarantine_empty")}>{t("quarantine_empty_next")}</Empty>;
        return (
          <>
            <div className="row"><p className="muted grow">{t("quarantine_about")}</p><ExportMenu formats={["csv", "xlsx"]} address={(format) => address("/api/v1/sources/quarantine/export", { query: { format, language } })} /></div>
            <ul className="list">
              {rows.map((row, at) => (
                <One key={at} row={row} may={may} />
              ))}
            </ul>
          </>
        );
      }}
    </Answer>
  );
}

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
        <p className="small muted">{row.text}</p>
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
