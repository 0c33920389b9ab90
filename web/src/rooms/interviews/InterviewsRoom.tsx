import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { ExportMenu } from "@/parts/ExportMenu";
import { passageOf } from "@/parts/documents/passageOf";
import { DocumentList } from "@/parts/Documents";
import { useOwn } from "@/parts/filters";
import type { Listed } from "@/parts/DocumentTable";
import { Section } from "@/parts/Page";
import { Side } from "@/parts/Side";
import { Answer } from "@/parts/States";
import { address, get } from "@/wire/api";
import { useMay } from "@/wire/session";
import { useWords } from "@/words/i18n";
import { date, number, share } from "@/words/numbers";
import { term } from "@/words/terms";
import type { TextKey } from "@/words/texts";
import { ImportInterviews } from "./ImportInterviews";
import { RenameTopic } from "./RenameTopic";

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
  const columns = [
    { title: t("held_on"), cell: (row: Listed) => (row.day ? date(row.day, language) : "") },
    { title: t("how_decided"), cell: (row: Listed) => (row.state ? t(`decided_${row.state}` as TextKey) : "") },
    { title: t("coded_passages"), number: true, cell: (row: Listed) => number(row.passages ?? 0, language) },
  ];
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
  const may = useMay("editor");
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
          {by === "topic" && may && <RenameTopic topic={open.what} topics={(found.data?.insights ?? []).map((one) => one.what)} onDone={() => setOpen(null)} />}
          <ul className="list">
            {open.quotes.map((quote) => (
              <li key={quote.ref}>
                <blockquote className="quote">{quote.quote}</blockquote>
                <p className="muted small">{quote.speaker} · <Link to="/interviews/$slug" params={{ slug: passageOf(quote.ref)?.interview ?? "" }} search={{ passage: passageOf(quote.ref)?.passage || undefined } as never}>{t("to_passage")}</Link></p>
              </li>
            ))}
          </ul>
        </Side>
      )}
    </Section>
  );
}

function Saturation({ saturation }: { saturation: Insights["saturation"] }) {
  const { t, language } = useWords();
  const found = typeof saturation.found_share === "number" ? saturation.found_share : typeof saturation.coverage === "number" ? saturation.coverage : null;
  const enough = saturation.saturated ?? saturation.enough;
  if (found === null && enough === undefined) return null;
  return <p className="lead-line">{enough === true ? t("saturated") : t("not_saturated")}{found !== null && ` · ${t("topics_found", { share: share(found, language) })}`}</p>;
}
