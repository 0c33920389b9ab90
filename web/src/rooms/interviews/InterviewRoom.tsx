import { Button, NumberInput, Select, TagsInput, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { Page } from "@/parts/Page";
import { Side } from "@/parts/Side";
import { Answer, FaultNote } from "@/parts/States";
import { get, post, remove } from "@/wire/api";
import { useMay } from "@/wire/session";
import { useWords } from "@/words/i18n";
import { date, signed } from "@/words/numbers";
import { term } from "@/words/terms";
import type { TextKey } from "@/words/texts";
import { piecesOf, placeOf, type Passage } from "./marks";
import "./interview.css";

interface Interview {
  id: string;
  title?: string;
  held_on?: string | null;
  decision?: string;
  personas?: string[];
  masked?: boolean;
  passages?: Record<string, Passage>;
  speakers?: Record<string, { id: string; role?: string; buying_role?: string }>;
}

interface Turn {
  speaker: string;
  text: string;
  seconds: number | null;
}

interface Mark {
  turn: number;
  start: number;
  end: number;
  quote: string;
}

const RINGS = ["trigger", "success", "barrier", "way", "criterion"];
const FORCES = ["push", "pull", "anxiety", "habit"];

export default function InterviewRoom() {
  const { slug } = useParams({ strict: false }) as { slug: string };
  const { t, language } = useWords();
  const may = useMay("editor");
  const queries = useQueryClient();
  const interview = useQuery({ queryKey: ["interview", slug], queryFn: () => get<{ revision: number; document: Interview }>("/api/v1/interviews/{id}", { path: { id: slug } }) });
  const turns = useQuery({ queryKey: ["interview-text", slug], queryFn: () => get<Turn[]>("/api/v1/interviews/{id}/text", { path: { id: slug } }), staleTime: Infinity });
  const [mark, setMark] = useState<Mark | null>(null);
  const again = async () => {
    await queries.invalidateQueries({ queryKey: ["interview", slug] });
    await queries.invalidateQueries({ queryKey: ["insights"] });
  };
  const drop = useMutation({ mutationFn: (passage: string) => remove("/api/v1/interviews/{id}/codes/{passage}", { path: { id: slug, passage } }), onSuccess: again });
  const document = interview.data?.document;
  const passages = Object.values(document?.passages ?? {});
  const topics = [...new Set(passages.flatMap((one) => one.topics ?? []))];

  const select = () => {
    const selection = window.getSelection();
    if (!may || !selection || selection.isCollapsed || !selection.rangeCount) return;
    const range = selection.getRangeAt(0);
    const turn = (range.startContainer.parentElement as HTMLElement | null)?.closest<HTMLElement>("[data-turn]");
    if (!turn || !turn.contains(range.endContainer)) return;
    const place = placeOf(turn, range);
    if (place) setMark({ turn: Number(turn.dataset.turn), ...place, quote: (turns.data?.[Number(turn.dataset.turn)]?.text ?? "").slice(place.start, place.end) });
  };

  return (
    <Page title={document?.title || slug} about={document && [document.held_on && date(document.held_on, language), document.decision && t(`decided_${document.decision}` as TextKey), document.masked ? t("names_masked") : t("names_kept"), t("passages_n", { n: passages.length })].filter(Boolean).join(" · ")}>
      {drop.error && <FaultNote error={drop.error} />}
      {may && <p className="muted noprint">{t("mark_about")}</p>}
      <Answer of={turns}>
        {(found) => (
          <div className="interview" onMouseUp={select}>
            {found.map((turn, at) => {
              const own = passages.filter((one) => one.turn === at);
              return (
                <div key={at} className={`turn turn-${document?.speakers?.[turn.speaker]?.role ?? ""}`}>
                  <p className="turn-speaker muted">
                    {turn.speaker}
                    {may && <button type="button" className="link small turn-code" onClick={() => setMark({ turn: at, start: 0, end: turn.text.length, quote: turn.text })}>{t("code_turn")}</button>}
                  </p>
                  <p className="turn-text" data-turn={at}>
                    {piecesOf(turn.text, own).map((piece, index) => (piece.passages.length ? <mark key={index} title={piece.passages.map((one) => label(one)).join("; ")}>{piece.text}</mark> : <span key={index}>{piece.text}</span>))}
                  </p>
                  <ul className="turn-codes">
                    {own.map((one) => (
                      <li key={one.id} className="small">
                        {label(one)}
                        {may && <button type="button" className="link small" onClick={() => drop.mutate(one.id)} aria-label={t("remove_code", { code: label(one) })}> ✕</button>}
                      </li>
                    ))}
                  </ul>
                </div>
              );
            })}
          </div>
        )}
      </Answer>
      {mark && <Code slug={slug} mark={mark} topics={topics} onClose={() => setMark(null)} onDone={async () => { setMark(null); window.getSelection()?.removeAllRanges(); await again(); }} />}
    </Page>
  );

  function label(one: Passage): string {
    return [one.ring && t(`trait_${one.ring}` as TextKey), one.force && t(`trait_${one.force}` as TextKey), ...(one.topics ?? []).map((topic) => `#${topic}`), one.stage && term("stage", one.stage, language), one.feeling !== null && one.feeling !== undefined && signed(one.feeling, language)].filter(Boolean).join(" · ");
  }
}

/** What a marked passage is about. */
function Code({ slug, mark, topics, onClose, onDone }: { slug: string; mark: Mark; topics: string[]; onClose: () => void; onDone: () => Promise<void> }) {
  const { t, language } = useWords();
  const [ring, setRing] = useState<string | null>(null);
  const [force, setForce] = useState<string | null>(null);
  const [about, setAbout] = useState<string[]>([]);
  const [stage, setStage] = useState<string | null>(null);
  const [feeling, setFeeling] = useState<number | string>("");
  const [note, setNote] = useState("");
  const known = useQuery({ queryKey: ["filters"], queryFn: () => get<Record<string, string[]>>("/api/v1/filters"), staleTime: 60_000 });
  const code = useMutation({
    mutationFn: () => post("/api/v1/interviews/{id}/codes", { turn: mark.turn, start: mark.start, end: mark.end, ring: ring ?? "", force: force ?? "", topics: about, stage: stage ?? "", feeling: feeling === "" ? null : Number(feeling), note }, { path: { id: slug } }),
    onSuccess: onDone,
  });
  const stages = (Array.isArray(known.data?.stage) ? known.data.stage : []).map((one) => (typeof one === "string" ? one : String((one as { value?: string }).value ?? "")));
  return (
    <Side title={t("code_passage")} onClose={onClose}>
      <blockquote className="passage">{mark.quote}</blockquote>
      <form className="stack" onSubmit={(event) => { event.preventDefault(); code.mutate(); }}>
        <TagsInput label={t("topics")} description={t("topics_about")} data={topics} value={about} onChange={setAbout} data-autofocus />
        <Select label={t("trait_insights")} data={RINGS.map((value) => ({ value, label: t(`trait_${value}` as TextKey) }))} value={ring} onChange={setRing} clearable />
        <Select label={t("trait_forces")} data={FORCES.map((value) => ({ value, label: t(`trait_${value}` as TextKey) }))} value={force} onChange={setForce} clearable />
        <Select label={t("stage")} data={[...new Set(stages.filter(Boolean))].map((value) => ({ value, label: term("stage", value, language) }))} value={stage} onChange={setStage} clearable searchable />
        <NumberInput label={t("feeling")} description={t("feeling_about")} min={-2} max={2} step={0.5} value={feeling} onChange={setFeeling} />
        <TextInput label={t("note")} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
        {code.error && <FaultNote error={code.error} />}
        <div className="row"><Button type="submit" variant="filled" loading={code.isPending}>{t("code_it")}</Button><Button onClick={onClose}>{t("cancel")}</Button></div>
      </form>
    </Side>
  );
}
