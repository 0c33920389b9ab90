import { Button, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { ExportMenu } from "@/parts/ExportMenu";
import { FigureView } from "@/parts/FigureView";
import { Page, Section } from "@/parts/Page";
import { Answer, FaultNote } from "@/parts/States";
import { Verdict, VERDICTS, type VerdictName } from "@/parts/Verdict";
import { ClaimRows } from "@/parts/ClaimRows";
import { address, get, post } from "@/wire/api";
import { useMay } from "@/wire/session";
import type { Figure } from "@/words/figures";
import { useWords } from "@/words/i18n";
import { date } from "@/words/numbers";
import { cardWords, Changed, claimWords, stageWords, unitOfClaim, type Since } from "./Since";

interface Frozen {
  id: string;
  card?: string;
  stage?: string;
  claim?: string;
  verdict?: string;
  figure?: Figure | null;
}

interface Review {
  id: string;
  title?: string;
  of?: string;
  as_of?: string | null;
  started_on?: string | null;
  closed_on?: string | null;
  state?: "open" | "closed";
  attendees?: string[];
  claims?: Record<string, Frozen>;
  decisions?: Record<string, { id: string; text?: string; by?: string }>;
  tasks?: Record<string, { id: string; text?: string; owner?: string; due?: string | null; done?: boolean }>;
}

/** A review walked through: the numbers as they were known that day, what changed, decisions, tasks, the end. */
export default function ReviewRoom() {
  const { slug } = useParams({ strict: false }) as { slug: string };
  const { t, language } = useWords();
  const may = useMay("editor");
  const review = useQuery({ queryKey: ["review", slug], queryFn: () => get<{ document: Review }>("/api/v1/reviews/{id}", { path: { id: slug } }) });
  const since = useQuery({ queryKey: ["review-since", slug], queryFn: () => get<Since>("/api/v1/reviews/{id}/since", { path: { id: slug } }), retry: false });
  const [rows, setOpen] = useState<Frozen | null>(null);
  const document = review.data?.document;
  const words = since.data?.words;
  const open = document?.state !== "closed" && may;
  const claims = Object.values(document?.claims ?? {}).sort((one, other) => VERDICTS.indexOf(one.verdict as VerdictName) - VERDICTS.indexOf(other.verdict as VerdictName));
  return (
    <Page
      title={document?.title || slug}
      about={document && [document.started_on && date(document.started_on, language), document.as_of && `${t("as_of")} ${date(document.as_of, language)}`, document.attendees?.join(", "), document.state === "closed" ? t("review_closed") : t("review_open")].filter(Boolean).join(" · ")}
      actions={
        <>
          {document?.of && <Link to="/maps/$slug" params={{ slug: document.of }}>{t("to_map")}</Link>}
          <ExportMenu label={t("minutes")} formats={["pdf", "html", "md"]} address={(format) => address("/api/v1/reviews/{id}/report", { path: { id: slug }, query: { format, language } })} />
        </>
      }
    >
      <Answer of={review}>
        {() => (
          <>
            <Section title={t("frozen_figures")} about={t("frozen_about")}>
              {claims.length ? (
                <div className="table-frame" tabIndex={0} role="region" aria-label={t("frozen_figures")}>
                  <table className="rows">
                    <thead><tr>{[t("verdict"), t("stage"), t("claim"), t("evidence")].map((name) => <th key={name} scope="col">{name}</th>)}</tr></thead>
                    <tbody>
                      {claims.map((claim) => (
                        <tr key={claim.id}>
                          <td>{claim.verdict && <Verdict verdict={claim.verdict as VerdictName} />}</td>
                          <td>{stageWords(words, claim.stage, language)}</td>
                          <td><span className="strong">{cardWords(words, claim.card, language)}</span><br />{claimWords(words, claim.claim, language)}</td>
                          <td>{claim.figure && <FigureView figure={claim.figure} unit={unitOfClaim(claim.claim, claim.figure)} behind={{ as_of: document?.as_of }} onOpen={claim.card ? () => setOpen(claim) : undefined} />}</td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </div>
              ) : (
                <p className="muted">{t("no_claims_yet")}</p>
              )}
            </Section>
            {since.data && <Changed since={since.data} />}
            <Add slug={slug} open={open} what="decisions" title={t("decisions")} rows={Object.values(document?.decisions ?? {}).map((one) => [one.text, one.by].filter(Boolean).join(" · "))} />
            <Add slug={slug} open={open} what="tasks" title={t("tasks")} rows={Object.values(document?.tasks ?? {}).map((one) => [`${one.done ? "✓ " : ""}${one.text ?? ""}`, one.owner, one.due && date(one.due, language)].filter(Boolean).join(" · "))} />
            {open && <Close slug={slug} />}
          </>
        )}
      </Answer>
      {rows?.card && document?.of && <ClaimRows slug={document.of} claim={{ card: rows.card, claim: rows.claim ?? "" }} title={claimWords(words, rows.claim, language)} about={t("rows_of_today")} onClose={() => setOpen(null)} />}
    </Page>
  );
}

function Add({ slug, open, what, title, rows }: { slug: string; open: boolean; what: "decisions" | "tasks"; title: string; rows: string[] }) {
  const { t } = useWords();
  const queries = useQueryClient();
  const [text, setText] = useState("");
  const [who, setWho] = useState("");
  const [due, setDue] = useState("");
  const add = useMutation({
    mutationFn: () => post(`/api/v1/reviews/{id}/${what}`, what === "tasks" ? { text, owner: who, due: due || null } : { text, by: who }, { path: { id: slug } }),
    onSuccess: async () => {
      setText("");
      await queries.invalidateQueries({ queryKey: ["review", slug] });
      await queries.invalidateQueries({ queryKey: ["tasks"] });
    },
  });
  return (
    <Section title={title}>
      <ul className="list">{rows.map((row, at) => <li key={at}>{row}</li>)}</ul>
      {open && (
        <form className="row" onSubmit={(event) => { event.preventDefault(); if (text.trim()) add.mutate(); }}>
          <TextInput className="grow" label={what === "tasks" ? t("new_task") : t("new_decision")} value={text} onChange={(event) => setText(event.currentTarget.value)} />
          <TextInput label={t("who")} value={who} onChange={(event) => setWho(event.currentTarget.value)} w={160} />
          {what === "tasks" && <TextInput type="date" label={t("due")} value={due} onChange={(event) => setDue(event.currentTarget.value)} />}
          <Button type="submit" mt={18} loading={add.isPending}>{t("add")}</Button>
        </form>
      )}
      {add.error && <FaultNote error={add.error} />}
    </Section>
  );
}

function Close({ slug }: { slug: string }) {
  const { t } = useWords();
  const queries = useQueryClient();
  const [notes, setNotes] = useState("");
  const [next, setNext] = useState("");
  const close = useMutation({ mutationFn: () => post("/api/v1/reviews/{id}/close", { notes, next_on: next || null }, { path: { id: slug } }), onSuccess: () => queries.invalidateQueries({ queryKey: ["review", slug] }) });
  return (
    <Section title={t("close_review")} about={t("close_review_about")}>
      <Textarea label={t("minutes")} value={notes} onChange={(event) => setNotes(event.currentTarget.value)} autosize minRows={3} maw={760} />
      <div className="row">
        <TextInput type="date" label={t("next_on")} value={next} onChange={(event) => setNext(event.currentTarget.value)} />
        <Button variant="filled" mt={18} onClick={() => close.mutate()} loading={close.isPending}>{t("close_review")}</Button>
      </div>
      {close.error && <FaultNote error={close.error} />}
    </Section>
  );
}
