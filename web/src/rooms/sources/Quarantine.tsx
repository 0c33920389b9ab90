import { Button, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Answer, Empty, FaultNote } from "@/parts/States";
import { get, post } from "@/wire/api";
import { useMay } from "@/wire/session";
import { useWords } from "@/words/i18n";

interface Broken {
  import_id?: string;
  id?: string;
  file: string;
  line: number | null;
  reason: string;
  text: string;
}

type Found = Broken[] | { rows: Broken[]; total?: number };

/** Records that could not be used: each with file, line and reason, to be mended and brought in again. */
export function Quarantine() {
  const { t } = useWords();
  const may = useMay("editor");
  const found = useQuery({ queryKey: ["quarantine"], queryFn: () => get<Found>("/api/v1/sources/quarantine") });
  return (
    <Answer of={found}>
      {(data) => {
        const rows = Array.isArray(data) ? data : data.rows;
        if (!rows.length) return <Empty title={t("quarantine_empty")}>{t("quarantine_empty_next")}</Empty>;
        return (
          <>
            <p className="muted">{t("quarantine_about")}</p>
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
  const { t } = useWords();
  const queries = useQueryClient();
  const [text, setText] = useState<string | null>(null);
  const repair = useMutation({
    mutationFn: () => post("/api/v1/sources/quarantine/repair", { ...row, text: text ?? row.text, before: row.text }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["quarantine"] }),
  });
  return (
    <li>
      <p className="row">
        <span className="strong grow">{row.reason}</span>
        <span className="muted">{row.file}{row.line !== null && ` · ${t("line_n", { n: row.line })}`}</span>
        {may && text === null && <Button onClick={() => setText(row.text)}>{t("mend")}</Button>}
      </p>
      {text === null ? (
        <p className="small muted">{row.text}</p>
      ) : (
        <div className="stack">
          <Textarea className="code" aria-label={t("record")} value={text} onChange={(event) => setText(event.currentTarget.value)} autosize minRows={2} />
          {repair.error && <FaultNote error={repair.error} />}
          <div className="row">
            <Button variant="filled" onClick={() => repair.mutate()} loading={repair.isPending}>{t("bring_in")}</Button>
            <Button onClick={() => setText(null)}>{t("cancel")}</Button>
          </div>
        </div>
      )}
    </li>
  );
}
