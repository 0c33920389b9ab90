import { Button, Checkbox, FileInput, Select, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Dialog } from "@/parts/Dialog";
import { ExportMenu } from "@/parts/ExportMenu";
import { DocumentList } from "@/parts/Documents";
import { useOwn } from "@/parts/filters";
import type { Listed } from "@/parts/DocumentTable";
import { Section } from "@/parts/Page";
import { Side } from "@/parts/Side";
import { Answer, FaultNote } from "@/parts/States";
import { address, get, upload } from "@/wire/api";
import { useMay } from "@/wire/session";
import { useWords } from "@/words/i18n";
import { number, share } from "@/words/numbers";
import { term } from "@/words/terms";
import type { TextKey } from "@/words/texts";

interface Insight {
  what: string;
  k: number;
  n: number;
  share: number | null;
  quotes: { ref: string; quote: string; speaker: string }[];
}

interface Insights {
  insights: Insight[];
  saturation: Record<string, unknown> & { words?: string };
}

const BYS = ["topic", "ring", "force", "stage"] as const;

export default function InterviewsRoom() {
  const { t, language } = useWords();
  const columns = [{ title: t("coded_passages"), number: true, cell: (row: Listed) => number(row.passages ?? 0, language) }];
  return (
    <DocumentList title={t("room_interviews")} about={t("interviews_about")} many="interviews" none={t("no_interviews")} noneNext={t("no_interviews_next")} columns={columns} action={<ImportInterviews />}>
      <WhatTheySay />
    </DocumentList>
  );
}

/** What k of n interviews speak of, and whether further ones would still add something. */
function WhatTheySay() {
  const { t, language } = useWords();
  const [by, setBy] = useOwn("by", "topic");
  const found = useQuery({ queryKey: ["insights", by], queryFn: () => get<Insights>("/api/v1/interviews/insights", { query: { by } }) });
  const [open, setOpen] = useState<Insight | null>(null);
  const called = (what: string) => (by === "stage" ? term("stage", what, language) : by === "ring" || by === "force" ? t(`trait_${what}` as TextKey) : what);
  return (
    <Section title={t("k_of_n")} about={t("k_of_n_about")} actions={<><ExportMenu formats={["csv", "xlsx"]} address={(format) => address("/api/v1/interviews/insights/export", { query: { by, format, language } })} /><Select size="xs" aria-label={t("counted_by")} data={BYS.map((value) => ({ value, label: t(`by_${value}`) }))} value={by} onChange={(value) => setBy(value === "topic" ? undefined : (value ?? undefined))} /></>}>
      <Answer of={found}>
        {(data) => (
          <>
            <Saturation saturation={data.saturation} />
            {data.insights.length ? (
              <ul className="list">
                {data.insights.map((one) => (
                  <li key={one.what}>
                    <p className="row">
                      <span className="grow strong">{called(one.what)}</span>
                      <button type="button" className="figure figure-opens" onClick={() => setOpen(one)}>{t("k_of_n_interviews", { k: one.k, n: one.n })}{one.share !== null && ` · ${share(one.share, language)}`}</button>
                    </p>
                    {one.quotes.slice(0, 2).map((quote) => <p key={quote.ref} className="muted">„{quote.quote}“ {quote.speaker && `– ${quote.speaker}`}</p>)}
                  </li>
                ))}
              </ul>
            ) : (
              <p className="muted">{t("nothing_coded")}</p>
            )}
          </>
        )}
      </Answer>
      {open && (
        <Side title={t("rows_behind_title", { title: called(open.what) })} about={t("k_of_n_interviews", { k: open.k, n: open.n })} onClose={() => setOpen(null)}>
          <ul className="list">
            {open.quotes.map((quote) => (
              <li key={quote.ref}>
                <blockquote className="quote">{quote.quote}</blockquote>
                <p className="muted small">{quote.speaker} · <Link to="/interviews/$slug" params={{ slug: interviewOf(quote.ref) }}>{t("to_interview")}</Link></p>
              </li>
            ))}
          </ul>
        </Side>
      )}
    </Section>
  );
}

/** The interview that a reference such as `interview:int-07#p3` is of. */
const interviewOf = (ref: string) => ref.replace(/^interview:/, "").replace(/#.*$/, "");

function Saturation({ saturation }: { saturation: Insights["saturation"] }) {
  const { t, language } = useWords();
  const found = typeof saturation.found_share === "number" ? saturation.found_share : typeof saturation.coverage === "number" ? saturation.coverage : null;
  const enough = saturation.saturated ?? saturation.enough;
  if (found === null && enough === undefined) return null;
  return <p className="lead-line">{enough === true ? t("saturated") : t("not_saturated")}{found !== null && ` · ${t("topics_found", { share: share(found, language) })}`}</p>;
}

function ImportInterviews() {
  const { t } = useWords();
  const may = useMay("editor");
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const [names, setNames] = useState(false);
  const [interviewer, setInterviewer] = useState("");
  const [decision, setDecision] = useState<string | null>(null);
  const [files, setFiles] = useState<File[]>([]);
  const send = useMutation({
    mutationFn: () => {
      const form = new FormData();
      for (const file of files) form.append("files", file);
      form.append("names", String(names));
      form.append("interviewer", interviewer);
      form.append("decision", decision ?? "");
      return upload<{ file: string; interview: string | null; error: { what: string; do_next?: string } | null }[]>("/api/v1/interviews/files", form);
    },
    onSuccess: async (told) => {
      await queries.invalidateQueries({ queryKey: ["interviews"] });
      await queries.invalidateQueries({ queryKey: ["insights"] });
      if (told.every((one) => !one.error)) setOpen(false);
    },
  });
  if (!may) return null;
  return (
    <>
      <Button variant="filled" onClick={() => setOpen(true)}>{t("import_interviews")}</Button>
      {open && (
        <Dialog onClose={() => setOpen(false)} title={t("import_interviews")}>
          <form className="stack" onSubmit={(event) => { event.preventDefault(); send.mutate(); }}>
            <p className="muted">{t("import_interviews_about")}</p>
            <FileInput label={t("transcripts")} placeholder={t("choose_files")} multiple clearable accept=".txt,.md,.docx,.vtt,.srt" value={files} onChange={setFiles} fileInputProps={{ "aria-label": t("transcripts") }} />
            <TextInput label={t("interviewer")} description={t("interviewer_about")} value={interviewer} onChange={(event) => setInterviewer(event.currentTarget.value)} />
            <Select label={t("how_decided")} data={[{ value: "won", label: t("decided_won") }, { value: "lost", label: t("decided_lost") }, { value: "open", label: t("decided_open") }]} value={decision} onChange={setDecision} clearable />
            <Checkbox label={t("keep_names")} checked={names} onChange={(event) => setNames(event.currentTarget.checked)} />
            {send.error && <FaultNote error={send.error} />}
            {send.data?.filter((one) => one.error).map((one) => <p key={one.file} className="late">{one.file}: {one.error?.what} {one.error?.do_next}</p>)}
            <div className="row"><Button type="submit" variant="filled" disabled={!files.length} loading={send.isPending}>{t("bring_in_files")}</Button></div>
          </form>
        </Dialog>
      )}
    </>
  );
}
