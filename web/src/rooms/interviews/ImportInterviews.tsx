import { Button, Checkbox, MultiSelect, Select, TagsInput, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { Dialog } from "@/parts/Dialog";
import type { Listed } from "@/parts/DocumentTable";
import { FaultNote } from "@/parts/States";
import { get, upload } from "@/wire/api";
import { useMay } from "@/wire/session";
import { useWords } from "@/words/i18n";
import { number } from "@/words/numbers";
import type { TextKey } from "@/words/texts";
import "./interview.css";

interface Told {
  file: string;
  interview: string | null;
  made: boolean;
  turns: number;
  words: number;
  speakers: number;
  passages: number;
  error: { what: string; do_next?: string } | null;
}

/** Transcripts chosen or dropped in; afterwards it says of each what was read. */
export function ImportInterviews() {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  if (!useMay("editor")) return null;
  return (
    <>
      <Button variant="filled" onClick={() => setOpen(true)}>{t("import_interviews")}</Button>
      {open && <Dialog onClose={() => setOpen(false)} title={t("import_interviews")}><Import onDone={() => setOpen(false)} /></Dialog>}
    </>
  );
}

function Import({ onDone }: { onDone: () => void }) {
  const { t } = useWords();
  const queries = useQueryClient();
  const personas = useQuery({ queryKey: ["personas"], queryFn: () => get<Listed[]>("/api/v1/personas"), staleTime: 60_000 });
  const [given, setGiven] = useState({ names: false, interviewer: "", held_on: "", decision: "", personas: [] as string[], mask: [] as string[] });
  const [files, setFiles] = useState<File[]>([]);
  const set = (now: Partial<typeof given>) => setGiven((before) => ({ ...before, ...now }));
  const send = useMutation({
    mutationFn: () => {
      const form = new FormData();
      for (const file of files) form.append("files", file);
      form.append("names", String(given.names));
      form.append("interviewer", given.interviewer);
      form.append("decision", given.decision);
      if (given.held_on) form.append("held_on", given.held_on);
      for (const name of ["personas", "mask"] as const) for (const one of given[name]) form.append(name, one);
      return upload<Told[]>("/api/v1/interviews/files", form);
    },
    onSuccess: async () => {
      setFiles([]);
      await Promise.all(["interviews", "insights"].map((name) => queries.invalidateQueries({ queryKey: [name] })));
    },
  });
  if (send.data && !files.length)
    return (
      <div className="stack">
        <Read told={send.data} />
        <Files files={files} onFiles={setFiles} />
        <div><Button variant="filled" onClick={onDone} data-autofocus>{t("close")}</Button></div>
      </div>
    );
  return (
    <form className="stack" onSubmit={(event) => { event.preventDefault(); send.mutate(); }}>
      <p className="muted">{t("import_interviews_about")}</p>
      <Files files={files} onFiles={setFiles} />
      <TextInput label={t("interviewer")} description={t("interviewer_about")} value={given.interviewer} onChange={(event) => set({ interviewer: event.currentTarget.value })} />
      <TextInput type="date" label={t("held_on")} value={given.held_on} onChange={(event) => set({ held_on: event.currentTarget.value })} />
      <Select label={t("how_decided")} data={["won", "lost", "open"].map((value) => ({ value, label: t(`decided_${value}` as TextKey) }))} value={given.decision || null} onChange={(value) => set({ decision: value ?? "" })} clearable />
      {Boolean(personas.data?.length) && <MultiSelect label={t("room_personas")} data={personas.data!.map((one) => ({ value: one.id, label: one.title || one.id }))} value={given.personas} onChange={(value) => set({ personas: value })} />}
      <Checkbox label={t("keep_names")} checked={given.names} onChange={(event) => set({ names: event.currentTarget.checked })} />
      {!given.names && <TagsInput label={t("mask_also")} description={t("mask_also_about")} value={given.mask} onChange={(value) => set({ mask: value })} acceptValueOnBlur />}
      {send.error && <FaultNote error={send.error} />}
      <div className="row"><Button type="submit" variant="filled" disabled={!files.length} loading={send.isPending}>{t("bring_in_files")}</Button></div>
    </form>
  );
}

/** The files, chosen or dropped here. */
function Files({ files, onFiles }: { files: readonly File[]; onFiles: (files: File[]) => void }) {
  const { t } = useWords();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  return (
    <div
      className={`transcripts${over ? " transcripts-over" : ""}`}
      onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)}
      onDrop={(event) => { event.preventDefault(); setOver(false); onFiles([...files, ...event.dataTransfer.files]); }}
    >
      <div className="row">
        <span className="grow strong">{t("drop_transcripts")}</span>
        <input ref={input} type="file" multiple hidden aria-label={t("transcripts")} accept=".txt,.md,.docx,.vtt,.srt" onChange={(event) => onFiles([...(event.currentTarget.files ?? [])])} />
        <Button onClick={() => input.current?.click()} data-autofocus>{t("choose_files")}</Button>
      </div>
      {files.map((file, at) => (
        <p key={at} className="row"><span className="grow">{file.name}</span><button type="button" className="link small" onClick={() => onFiles(files.filter((_, other) => other !== at))}>{t("remove")}<span className="hidden"> {file.name}</span></button></p>
      ))}
    </div>
  );
}

/** Of each file what was read: turns, words, speakers, coded passages; or why not. */
function Read({ told }: { told: Told[] }) {
  const { t, language } = useWords();
  return (
    <ul className="list" role="status">
      {told.map((one) => (
        <li key={one.file}>
          {one.interview ? <Link to="/interviews/$slug" params={{ slug: one.interview }}>{one.file}</Link> : one.file}
          {one.error ? (
            <p className="late">{one.error.what} {one.error.do_next}</p>
          ) : (
            <p className="muted">{one.made ? "" : `${t("already_there")} `}{[t("turns_n", { n: one.turns, shown: number(one.turns, language) }), t("words_n", { n: one.words, shown: number(one.words, language) }), t("speakers_n", { n: one.speakers }), t("passages_n", { n: one.passages })].join(" · ")}</p>
          )}
        </li>
      ))}
    </ul>
  );
}
