import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { ClaimRows } from "@/parts/ClaimRows";
import { newId, setOf, type Change } from "@/parts/documents/changes";
import { changed } from "@/parts/documents/changed";
import { Clashes } from "@/parts/documents/Clashes";
import { between } from "@/parts/documents/order";
import { sorted } from "@/parts/documents/things";
import { useEdits, type Answered } from "@/parts/documents/useEdits";
import type { Listed } from "@/parts/DocumentTable";
import { DocumentMenu } from "@/parts/DocumentMenu";
import { ExportMenu } from "@/parts/ExportMenu";
import { Page } from "@/parts/Page";
import { Answer } from "@/parts/States";
import { address, get } from "@/wire/api";
import { useMay } from "@/wire/session";
import { useWords } from "@/words/i18n";
import { date } from "@/words/numbers";
import { Claims } from "./Claims";
import { Decisions } from "./Decisions";
import { Ending } from "./Ending";
import { namesOf, type Frozen, type Review } from "./review";
import { Changed, claimWords, type Since } from "./Since";
import { Tasks } from "./Tasks";
import "./review.css";

/** A review walked through: the numbers as they were known that day, what changed, decisions, tasks, the end. */
export default function ReviewRoom() {
  const { slug } = useParams({ strict: false }) as { slug: string };
  const review = useQuery({ queryKey: ["review", slug], queryFn: () => get<Answered<Review>>("/api/v1/reviews/{id}", { path: { id: slug } }) });
  return review.data ? <Shown key={slug} slug={slug} answer={review.data} /> : <div className="page"><Answer of={review}>{() => null}</Answer></div>;
}

function Shown({ slug, answer }: { slug: string; answer: Answered<Review> }) {
  const { t, language } = useWords();
  const may = useMay("editor");
  const review = answer.document;
  const edits = useEdits<Review>({ many: "reviews", slug, queryKey: ["review", slug], also: [["tasks"], ["reviews"], ["overview"]] }, answer.revision);
  const since = useQuery({ queryKey: ["review-since", slug], queryFn: () => get<Since>("/api/v1/reviews/{id}/since", { path: { id: slug } }), retry: false });
  const maps = useQuery({ queryKey: ["maps"], queryFn: () => get<Listed[]>("/api/v1/maps") });
  const [rows, setRows] = useState<Frozen | null>(null);
  const [begun, setBegun] = useState<string | null>(null);
  const map = maps.data?.find((one) => one.id === review.of);
  const words = since.data?.words;
  const closed = review.state === "closed";
  const open = !closed && may;
  const send = (changes: Change[]) => changes.length && edits.edit(...changes);
  const added = (collection: "tasks" | "decisions", fields: Record<string, unknown>) => {
    const last = sorted(review[collection] as Record<string, { id: string; order?: string }> | undefined).at(-1)?.order ?? null;
    edits.edit({ do: "add", collection, thing: { id: newId(collection[0]), order: between(last, null), ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value)) } });
  };
  const title = !review.title || [review.of, map?.title].includes(review.title) ? t("review_of", { name: map?.title || review.of || slug }) : review.title;
  const about = [
    review.started_on && date(review.started_on, language), review.as_of && `${t("as_of")} ${date(review.as_of, language)}`, review.attendees?.join(", "),
    closed ? (review.closed_on ? t("closed_on", { date: date(review.closed_on, language) }) : t("review_closed")) : t("review_open"), map?.review_by && t("next_review", { date: date(map.review_by, language) }),
  ];
  return (
    <Page
      title={title}
      about={about.filter(Boolean).join(" · ")}
      actions={
        <>
          {review.of && <Link to="/maps/$slug" params={{ slug: review.of }}>{t("to_map")}</Link>}
          <ExportMenu label={t("minutes")} formats={["pdf", "html", "md"]} address={(format) => address("/api/v1/reviews/{id}/report", { path: { id: slug }, query: { format, language } })} />
          <DocumentMenu many="reviews" slug={slug} document={review} revision={answer.revision} onChanged={edits.again} />
        </>
      }
    >
      {closed && may && <p className="notice">{t("review_closed_about")}</p>}
      <Clashes of={edits} document={review} />
      {open && <Head review={review} title={title} onChange={send} />}
      <Claims review={review} words={words} onRows={setRows} onTask={open ? setBegun : undefined} />
      {since.data && <Changed since={since.data} />}
      <Decisions review={review} open={open} onAdd={(now) => added("decisions", now)} onChange={(one, now) => send(changed("decisions", one, now))} onRemove={(one) => edits.edit({ do: "remove", collection: "decisions", id: one.id })} />
      <Tasks
        review={review} words={words} may={{ all: open, goingOn: may }} begun={begun} onBegun={setBegun}
        onAdd={(now) => added("tasks", now)} onChange={(one, now) => send(changed("tasks", one, now))} onRemove={(one) => edits.edit({ do: "remove", collection: "tasks", id: one.id })}
      />
      {closed && review.minutes && <section className="section"><h2>{t("minutes")}</h2><p className="review-minutes">{review.minutes}</p></section>}
      {open && <Ending slug={slug} review={review} revision={answer.revision} onMinutes={(text, begun) => edits.editSince(begun, setOf("", "", "minutes", text))} />}
      {rows?.card && review.of && <ClaimRows slug={review.of} claim={{ card: rows.card, claim: rows.claim ?? "" }} title={claimWords(words, rows.claim, language)} about={t("rows_of_today")} onClose={() => setRows(null)} />}
    </Page>
  );
}

/** Title and who takes part, for as long as the review is open. */
function Head({ review, title, onChange }: { review: Review; title: string; onChange: (changes: Change[]) => void }) {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  if (!open) return <p className="noprint"><button type="button" className="link" onClick={() => setOpen(true)}>{t("change_review_head")}</button></p>;
  return <HeadForm review={review} title={title} onChange={onChange} onLeave={() => setOpen(false)} />;
}

function HeadForm({ review, title, onChange, onLeave }: { review: Review; title: string; onChange: (changes: Change[]) => void; onLeave: () => void }) {
  const { t } = useWords();
  const [called, setCalled] = useState(title);
  const [who, setWho] = useState((review.attendees ?? []).join(", "));
  return (
    <form
      className="row review-form"
      onKeyDown={(event) => event.key === "Escape" && onLeave()}
      onSubmit={(event) => {
        event.preventDefault();
        const names = namesOf(who);
        onChange([
          ...(called.trim() && called.trim() !== title ? [setOf("", "", "title", called.trim())] : []),
          ...(names.join() !== (review.attendees ?? []).join() ? [setOf("", "", "attendees", names.length ? names : null)] : []),
        ]);
        onLeave();
      }}
    >
      <TextInput className="grow" label={t("title")} value={called} onChange={(event) => setCalled(event.currentTarget.value)} autoFocus />
      <TextInput className="grow" label={t("attendees")} value={who} onChange={(event) => setWho(event.currentTarget.value)} />
      <div className="row"><Button type="submit">{t("save")}</Button><Button onClick={onLeave}>{t("cancel")}</Button></div>
    </form>
  );
}
