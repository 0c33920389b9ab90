import { Button, Select } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Listed } from "@/parts/DocumentTable";
import { said, type Thing } from "@/parts/documents/things";
import { Side } from "@/parts/Side";
import { FaultNote } from "@/parts/States";
import { get, post } from "@/wire/api";
import { useWords } from "@/words/i18n";
import { CodeForm, type Codes } from "./CodeForm";
import type { Use } from "./interview";
import { labelOf } from "./labels";
import type { Passage } from "./marks";

interface Props {
  interview: string;
  passage: Passage;
  topics: string[];
  uses: Use[];
  may: boolean;
  onCode: (codes: Codes) => void;
  onRemove: () => void;
  onUsed: () => unknown;
  onClose: () => void;
}

/** A coded passage: what it is about, what rests on it, and the way there and back. */
export function PassagePanel({ interview, passage, topics, uses, may, onCode, onRemove, onUsed, onClose }: Props) {
  const { t, language } = useWords();
  const [editing, setEditing] = useState(false);
  return (
    <div className="interview-panel">
      <Side title={labelOf(passage, language) || t("coded_passage")} onClose={onClose}>
        <blockquote className="passage">{passage.quote}</blockquote>
        {passage.note && <p className="muted">{passage.note}</p>}
        {editing ? (
          <CodeForm given={passage} topics={topics} label={t("save")} onKeep={(codes) => { onCode(codes); setEditing(false); }} onLeave={() => setEditing(false)} />
        ) : (
          may && <div className="row"><Button onClick={() => setEditing(true)}>{t("change_codes")}</Button><Button color="contradicted" onClick={onRemove}>{t("remove_codes")}</Button></div>
        )}
        <h3>{t("rests_on_this")}</h3>
        {uses.length ? (
          <ul className="list">
            {uses.map((use) => (
              <li key={`${use.kind}${use.document}${use.thing}`}>
                {use.kind === "persona" ? <Link to="/personas/$slug" params={{ slug: use.document }} search={{ trait: use.thing } as never}>{use.text}</Link> : <Link to="/maps/$slug" params={{ slug: use.document }} search={{ card: use.thing, tab: "evidence" } as never}>{use.text}</Link>}
                <p className="muted small">{t(use.kind === "persona" ? "persona" : "map")}: {use.title}</p>
              </li>
            ))}
          </ul>
        ) : (
          <p className="muted">{t("nothing_rests")}</p>
        )}
        {may && <Support interview={interview} passage={passage} uses={uses} onUsed={onUsed} />}
      </Side>
    </div>
  );
}

/** Makes the passage evidence of a trait of a persona or a card of a map. */
function Support({ interview, passage, uses, onUsed }: { interview: string; passage: Passage; uses: Use[]; onUsed: () => unknown }) {
  const { t, language } = useWords();
  const [where, setWhere] = useState<string | null>(null);
  const [kind, document] = where ? ([where.slice(0, where.indexOf(":")), where.slice(where.indexOf(":") + 1)] as const) : (["", ""] as const);
  const personas = useQuery({ queryKey: ["personas"], queryFn: () => get<Listed[]>("/api/v1/personas"), staleTime: 60_000 });
  const maps = useQuery({ queryKey: ["maps"], queryFn: () => get<Listed[]>("/api/v1/maps"), staleTime: 60_000 });
  const things = useQuery({ queryKey: ["statements", where], queryFn: () => statements(kind, document), enabled: Boolean(where) });
  const use = useMutation({
    mutationFn: (thing: string) => post("/api/v1/interviews/{id}/use", { passage: passage.id, ...(kind === "persona" ? { persona: document, trait: thing } : { map: document, card: thing }) }, { path: { id: interview } }),
    onSuccess: onUsed,
  });
  const listed = (name: string, rows: Listed[] | undefined) => (rows?.length ? [{ group: t(name === "persona" ? "room_personas" : "room_maps"), items: rows.map((row) => ({ value: `${name}:${row.id}`, label: row.title || row.id })) }] : []);
  const taken = new Set(uses.filter((one) => one.kind === kind && one.document === document).map((one) => one.thing));
  return (
    <div className="stack">
      <Select label={t("support")} description={t("support_about")} searchable clearable data={[...listed("persona", personas.data), ...listed("map", maps.data)]} value={where} onChange={setWhere} />
      {where && <Select key={where} label={t(kind === "persona" ? "support_trait" : "support_card")} searchable value={null} data={(things.data ?? []).filter((one) => !taken.has(one.id)).map((one) => ({ value: one.id, label: said(one, "text", language) || one.id }))} onChange={(thing) => thing && use.mutate(thing)} />}
      {use.error && <FaultNote error={use.error} />}
    </div>
  );
}

/** The traits of a persona, or the cards of a map, that say something. */
async function statements(kind: string, id: string): Promise<Thing[]> {
  const document = kind === "persona" ? (await get<{ document: { traits?: Record<string, Thing> } }>("/api/v1/personas/{id}", { path: { id } })).document.traits : (await get<{ document: { cards?: Record<string, Thing> } }>("/api/v1/maps/{slug}", { path: { slug: id } })).document.cards;
  return Object.values(document ?? {}).filter((one) => one.text);
}
