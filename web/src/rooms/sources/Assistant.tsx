import { Button, Textarea, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Dialog } from "@/parts/Dialog";
import { Section } from "@/parts/Page";
import { RowTable } from "@/parts/RowTable";
import { FaultNote, Waiting } from "@/parts/States";
import { post } from "@/wire/api";
import type { Job } from "@/wire/jobs";
import type { Row } from "@/wire/result";
import { useWords } from "@/words/i18n";
import { kindOptions } from "@/words/imports";
import { number } from "@/words/numbers";
import { Columns, type Meant, type Said } from "./Columns";

interface Suggested {
  mapping: string;
  /** Of a mapping that was made from what columns mean; not of one that was written by hand. */
  table?: string;
  kind?: string;
  meanings?: Meant[];
  becomes: { table: "events" | "people" | "accounts" | "deals" | "feedback" | "costs" | "searches"; columns: string[]; rows: Row[] }[];
  broken: { line: number | null; reason: string }[];
  tried: { read: number; new: number; quarantined: number };
}

/** Columns that etappe adds itself; nobody has to look at them. */
const MADE = new Set(["source", "record_id"]);
const NOTHING: Said = { table: "", kind: "", meanings: {} };

/** An unknown table: what its rows and columns are, guessed, to be corrected, with what would come of it. */
export function Assistant({ upload, onClose, onImport }: { upload: { id: string; file: string }; onClose: () => void; onImport: (job: Job) => void }) {
  const { t, language } = useWords();
  const [said, setSaid] = useState(NOTHING);
  const [text, setText] = useState<string | null>(null);
  const [meant, setMeant] = useState<Suggested | null>(null);
  const [name, setName] = useState(upload.file.replace(/\.\w+$/, "").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, ""));
  const suggest = useMutation({
    mutationFn: (asked: Partial<Said> & { mapping?: string }) => post<Suggested>("/api/v1/sources/suggest", { upload: upload.id, ...asked }),
    onSuccess: (found, asked) => {
      if (asked.mapping === undefined) setText(found.mapping);
      if (found.meanings) setMeant(found);
    },
  });
  const { mutate } = suggest;
  useEffect(() => mutate({}), [mutate]);
  const say = (next: Said) => {
    setSaid(next);
    suggest.mutate(next);
  };
  const take = useMutation({
    mutationFn: () => post<{ job: Job | null }>("/api/v1/sources/mappings", { name, mapping: text, upload: upload.id }),
    onSuccess: (made) => made.job && onImport(made.job),
  });
  const found = suggest.data;
  const kinds = Object.fromEntries(kindOptions(language).map(({ value, label }) => [value, label]));
  return (
    <Dialog onClose={onClose} title={t("mapping_title", { name: upload.file })} size="90%">
      <div className="stack">
        <p className="muted">{t("mapping_about")}</p>
        {text === null ? (
          suggest.error ? <FaultNote error={suggest.error} again={() => suggest.mutate({})} /> : <Waiting />
        ) : (
          <>
            {meant?.meanings && <Columns columns={meant.meanings} said={said} table={said.table || meant.table || ""} kind={said.kind || meant.kind || ""} onSay={say} />}
            {suggest.error && <FaultNote error={suggest.error} />}
            {take.error && <FaultNote error={take.error} />}
            {found && (
              <p role="status" className={found.tried.quarantined ? "late" : "muted"}>
                {t("tried", { read: number(found.tried.read, language), fresh: number(found.tried.new, language), broken: number(found.tried.quarantined, language) })}
                {found.broken.slice(0, 3).map((one) => ` · ${one.reason}`)}
              </p>
            )}
            <div className="row" style={{ alignItems: "end" }}>
              <TextInput label={t("mapping_name")} description={t("mapping_name_about")} value={name} onChange={(event) => setName(event.currentTarget.value)} />
              <Button variant="filled" onClick={() => take.mutate()} loading={take.isPending} disabled={suggest.isPending || suggest.isError}>{t("import_so")}</Button>
            </div>
            <details>
              <summary className="muted">{t("mapping_as_text")}</summary>
              <div className="stack">
                <Textarea className="code" label={t("mapping_text")} value={text} onChange={(event) => setText(event.currentTarget.value)} autosize minRows={8} maxRows={22} />
                <div><Button onClick={() => suggest.mutate({ mapping: text })} loading={suggest.isPending}>{t("preview")}</Button></div>
              </div>
            </details>
            {found?.becomes.map((one) => (
              <Section key={one.table} title={t(`becomes_${one.table}`)}>
                <RowTable columns={one.columns.filter((column) => !MADE.has(column))} rows={one.rows.slice(0, 5).map((row) => (typeof row.kind === "string" ? { ...row, kind: kinds[row.kind] ?? row.kind } : row))} caption={t(`becomes_${one.table}`)} />
              </Section>
            ))}
          </>
        )}
      </div>
    </Dialog>
  );
}
