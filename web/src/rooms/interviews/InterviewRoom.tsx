import { Button, Select, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { changed } from "@/parts/documents/changed";
import { Clashes } from "@/parts/documents/Clashes";
import { useEdits, type Answered } from "@/parts/documents/useEdits";
import { DocumentMenu } from "@/parts/DocumentMenu";
import { useOwn } from "@/parts/filters";
import { Page } from "@/parts/Page";
import { Side } from "@/parts/Side";
import { Answer, FaultNote } from "@/parts/States";
import { get, post } from "@/wire/api";
import { useMay } from "@/wire/session";
import { useWords } from "@/words/i18n";
import { date } from "@/words/numbers";
import type { TextKey } from "@/words/texts";
import { CodeForm, type Codes } from "./CodeForm";
import { Details } from "./Details";
import { besides, codesOf, inOrder, shownTurns, type Interview, type Turn, type Use } from "./interview";
import { codeName } from "./labels";
import type { Passage } from "./marks";
import { PassagePanel } from "./PassagePanel";
import { Turns, type Mark } from "./Turns";
import "./interview.css";

/** An interview: read, searched, its passages coded, and followed to what rests on them. */
export default function InterviewRoom() {
  const { slug } = useParams({ strict: false }) as { slug: string };
  const interview = useQuery({ queryKey: ["interview", slug], queryFn: () => get<Answered<Interview>>("/api/v1/interviews/{id}", { path: { id: slug } }) });
  const turns = useQuery({ queryKey: ["interview-text", slug], queryFn: () => get<Turn[]>("/api/v1/interviews/{id}/text", { path: { id: slug } }), staleTime: Infinity });
  if (!interview.data) return <div className="page"><Answer of={interview}>{() => null}</Answer></div>;
  if (!turns.data) return <div className="page"><Answer of={turns}>{() => null}</Answer></div>;
  return <Shown key={slug} slug={slug} answer={interview.data} turns={turns.data} />;
}

function Shown({ slug, answer, turns }: { slug: string; answer: Answered<Interview>; turns: Turn[] }) {
  const { t, language } = useWords();
  const may = useMay("editor");
  const { document: interview, revision } = answer;
  const edits = useEdits<Interview>({ many: "interviews", slug, queryKey: ["interview", slug], also: [["interviews"], ["insights"], ["persona-page"]] }, revision);
  const uses = useQuery({ queryKey: ["interview-uses", slug], queryFn: () => get<Record<string, Use[]>>("/api/v1/interviews/{id}/uses", { path: { id: slug } }), staleTime: 0 });
  const [mark, setMark] = useState<Mark | null>(null);
  const [details, setDetails] = useState(false);
  const [words, setWords] = useState("");
  const [code, setCode] = useOwn("code");
  const [present, setPresent] = useOwn("passage");
  const add = useMutation({
    mutationFn: (codes: Codes) => post("/api/v1/interviews/{id}/codes", { turn: mark!.turn, start: mark!.start, end: mark!.end, ...codes }, { path: { id: slug } }),
    onSuccess: async () => { setMark(null); window.getSelection()?.removeAllRanges(); await edits.again(); },
  });
  const passages = inOrder(interview.passages);
  const topics = [...new Set(passages.flatMap((one) => one.topics ?? []))];
  const codes = [...new Set(passages.flatMap(codesOf))].sort();
  const shown = shownTurns(turns, passages, words, code);
  const found = passages.filter((one) => shown.includes(one.turn) && (!code || codesOf(one).includes(code)));
  const passage = present ? interview.passages?.[present] : undefined;
  const open = (one: Passage | undefined) => { if (one) { setMark(null); setDetails(false); setPresent(one.id); } };
  const go = (by: 1 | -1) => open(besides(found, present, by));
  useStep(go);
  const about = [
    interview.held_on && date(interview.held_on, language), interview.decision && t(`decided_${interview.decision}` as TextKey), interview.masked !== false ? t("names_masked") : t("names_kept"), t("passages_n", { n: passages.length }),
  ];
  return (
    <Page title={interview.title || slug} about={about.filter(Boolean).join(" · ")} actions={<>{may && <Button onClick={() => { setPresent(undefined); setMark(null); setDetails(true); }}>{t("interview_details")}</Button>}<DocumentMenu many="interviews" slug={slug} document={interview} revision={revision} onChanged={edits.again} /></>}>
      <Clashes of={edits} document={interview} />
      {may && <p className="muted noprint">{t("mark_about")}</p>}
      <div className="row interview-find noprint" role="search">
        <TextInput label={t("search_text")} value={words} onChange={(event) => setWords(event.currentTarget.value)} />
        <Select label={t("coded_with")} placeholder={t("all_turns")} clearable searchable data={codes.map((value) => ({ value, label: codeName(value, topics) }))} value={code || null} onChange={(value) => setCode(value ?? undefined)} />
        <div className="row">
          <Button disabled={!found.length} onClick={() => go(-1)} aria-keyshortcuts="k" title={t("key_named", { key: "k" })}>{t("passage_before")}</Button>
          <Button disabled={!found.length} onClick={() => go(1)} aria-keyshortcuts="j" title={t("key_named", { key: "j" })}>{t("passage_next")}</Button>
        </div>
        <span className="muted" role="status">{words || code ? t("turns_found", { n: shown.length, of: turns.length }) : ""}{found.length > 0 && passage && ` ${t("passage_n_of", { at: found.findIndex((one) => one.id === passage.id) + 1, of: found.length })}`}</span>
      </div>
      {!shown.length && <p className="muted">{t("no_turns")}</p>}
      <Turns beside={Boolean(passage || mark || details)} interview={interview} turns={turns} shown={shown} passages={passages} uses={uses.data ?? {}} words={words} present={present} may={may} onMark={(made) => { setPresent(undefined); setDetails(false); setMark(made); }} onOpen={open} onRemove={(one) => edits.edit({ do: "remove", collection: "passages", id: one.id })} />
      {mark && (
        <div className="interview-panel">
          <Side title={t("code_passage")} onClose={() => setMark(null)}>
            <blockquote className="passage">{mark.quote}</blockquote>
            {add.error && <FaultNote error={add.error} />}
            <CodeForm key={`${mark.turn}:${mark.start}`} given={{}} topics={topics} label={t("code_it")} busy={add.isPending} onKeep={(made) => add.mutate(made)} onLeave={() => setMark(null)} />
          </Side>
        </div>
      )}
      {passage && !mark && !details && (
        <PassagePanel
          key={passage.id} interview={slug} passage={passage} topics={topics} uses={uses.data?.[passage.id] ?? []} may={may}
          onCode={(made) => edits.edit(...changed<Passage>("passages", passage, made))} onRemove={() => { setPresent(undefined); edits.edit({ do: "remove", collection: "passages", id: passage.id }); }} onUsed={() => uses.refetch()} onClose={() => setPresent(undefined)}
        />
      )}
      {details && <Details interview={interview} turns={turns} revision={revision} edits={edits} onClose={() => setDetails(false)} />}
    </Page>
  );
}

/** `j` and `k` go to the next passage and the one before, wherever one is not writing. */
function useStep(go: (by: 1 | -1) => void): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const writes = event.target instanceof HTMLElement && event.target.closest("input, textarea, select, [contenteditable]");
      if (writes || event.ctrlKey || event.metaKey || event.altKey || (event.key !== "j" && event.key !== "k")) return;
      event.preventDefault();
      go(event.key === "j" ? 1 : -1);
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  });
}
