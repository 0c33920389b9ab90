import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { JobNote } from "@/parts/JobNote";
import { FaultNote } from "@/parts/States";
import { upload } from "@/wire/api";
import { isOver, useJob, type Job } from "@/wire/jobs";
import { useWords } from "@/words/i18n";
import { share } from "@/words/numbers";
import { Assistant } from "./Assistant";

/** Exports dropped in: recognised and imported; an unknown table goes to the mapping assistant. */
export function Drop() {
  const { t, language } = useWords();
  const queries = useQueryClient();
  const [input, table] = [useRef<HTMLInputElement>(null), useRef<HTMLInputElement>(null)];
  const [over, setOver] = useState(false);
  const [sent, setSent] = useState<number | null>(null);
  const [fault, setFault] = useState<unknown>(null);
  const [id, setId] = useState<string | null>(null);
  const [files, setFiles] = useState<File[]>([]);
  const [mapping, setMapping] = useState<File | null>(null);
  const job = useJob(id);
  const finished = isOver(job.data);
  useEffect(() => {
    if (finished) void queries.invalidateQueries({ queryKey: ["sources"] });
  }, [finished, queries]);
  const take = async (list: FileList | null) => {
    const chosen = [...(list ?? [])];
    if (!chosen.length) return;
    setFault(null);
    setId(null);
    setFiles(chosen);
    setSent(0);
    const form = new FormData();
    for (const file of chosen) form.append("files", file);
    try {
      setId((await upload<Job>("/api/v1/sources/files", form, {}, setSent)).id);
    } catch (error) {
      setFault(error);
    }
    setSent(null);
  };
  const unknown = fault !== null || job.data?.state === "failed" ? files.filter((file) => /\.(csv|tsv|txt|xlsx)$/i.test(file.name)) : [];
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
        <input ref={table} type="file" hidden accept=".csv,.tsv,.txt,.xlsx" data-role="table" onChange={(event) => setMapping(event.currentTarget.files?.[0] ?? null)} />
        <Button variant="filled" onClick={() => input.current?.click()} loading={sent !== null}>{t("choose_files")}</Button>
        <Button onClick={() => table.current?.click()}>{t("unknown_table")}</Button>
      </div>
      {sent !== null && <p role="status">{t("uploading", { share: share(sent, language) })}</p>}
      {fault !== null && <FaultNote error={fault} />}
      {job.data && <JobNote job={job.data} />}
      {unknown.map((file) => <div key={file.name}><Button onClick={() => setMapping(file)}>{t("map_this", { name: file.name })}</Button></div>)}
      {mapping && (
        <Assistant
          file={mapping}
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
