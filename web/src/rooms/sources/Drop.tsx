import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { JobNote } from "@/parts/JobNote";
import { FaultNote } from "@/parts/States";
import { post, upload } from "@/wire/api";
import { isOver, useJob, type Job } from "@/wire/jobs";
import { useWords } from "@/words/i18n";
import { number, share } from "@/words/numbers";
import { Assistant } from "./Assistant";

interface Sent {
  uploads: { id: string; file: string }[];
}

interface Imported {
  files: { path: string; upload: string | null; error?: { what: string; do_next?: string } | null; new?: number; changed?: number; quarantined?: number }[];
}

/** Exports dropped in: recognised and imported; an unknown table goes to the mapping assistant. */
export function Drop() {
  const { t, language } = useWords();
  const queries = useQueryClient();
  const [input, table] = [useRef<HTMLInputElement>(null), useRef<HTMLInputElement>(null)];
  const [over, setOver] = useState(false);
  const [sent, setSent] = useState<number | null>(null);
  const [fault, setFault] = useState<unknown>(null);
  const [id, setId] = useState<string | null>(null);
  const [mapping, setMapping] = useState<{ id: string; file: string } | null>(null);
  const job = useJob(id);
  const finished = isOver(job.data);
  useEffect(() => {
    if (finished) void queries.invalidateQueries({ queryKey: ["sources"] });
  }, [finished, queries]);
  const send = async (list: FileList | null, go: (sent: Sent) => Promise<void> | void) => {
    const chosen = [...(list ?? [])];
    if (!chosen.length) return;
    setFault(null);
    setId(null);
    setSent(0);
    const form = new FormData();
    for (const file of chosen) form.append("files", file);
    try {
      await go(await upload<Sent>("/api/v1/sources/files", form, {}, setSent));
    } catch (error) {
      setFault(error);
    }
    setSent(null);
  };
  const take = (list: FileList | null) => send(list, async (found) => setId((await post<Job>("/api/v1/sources/imports", { uploads: found.uploads.map((one) => one.id) })).id));
  const map = (list: FileList | null) => send(list, (found) => setMapping(found.uploads[0] ?? null));
  const imported = job.data?.state === "done" ? (job.data.result as Imported | null) : null;
  return (
    <div
      className={`drop${over ? " drop-over" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void take(event.dataTransfer.files);
      }}
    >
      <div className="row">
        <span className="grow">
          <span className="strong">{t("drop_here")}</span>
          <br />
          <span className="muted">{t("drop_about")}</span>
        </span>
        <input ref={input} type="file" multiple hidden data-role="exports" onChange={(event) => void take(event.currentTarget.files)} />
        <input ref={table} type="file" hidden accept=".csv,.tsv,.txt,.xlsx" data-role="table" onChange={(event) => void map(event.currentTarget.files)} />
        <Button variant="filled" onClick={() => input.current?.click()} loading={sent !== null}>{t("choose_files")}</Button>
        <Button onClick={() => table.current?.click()}>{t("unknown_table")}</Button>
      </div>
      {sent !== null && <p role="status">{t("uploading", { share: share(sent, language) })}</p>}
      {fault !== null && <FaultNote error={fault} />}
      {job.data && <JobNote job={job.data} />}
      {imported && (
        <ul className="list">
          {imported.files.map((file, at) => (
            <li key={at} className="row">
              <span className="grow">
                {file.path}
                <span className={file.error ? "late" : "muted"}> · {file.error ? file.error.what : t("import_told", { fresh: number(file.new ?? 0, language), changed: number(file.changed ?? 0, language), broken: number(file.quarantined ?? 0, language) })}</span>
              </span>
              {file.error && file.upload && <Button onClick={() => setMapping({ id: file.upload!, file: file.path })}>{t("map_this", { name: file.path })}</Button>}
            </li>
          ))}
        </ul>
      )}
      {mapping && (
        <Assistant
          upload={mapping}
          onClose={() => setMapping(null)}
          onImport={(made) => {
            setMapping(null);
            setFault(null);
            setId(made.id);
          }}
        />
      )}
    </div>
  );
}
