import { Button, TextInput } from "@mantine/core";
import { useState, type KeyboardEvent } from "react";
import { InPlace } from "@/parts/documents/InPlace";
import { newId, type Change } from "@/parts/documents/changes";
import { saying } from "@/parts/documents/saying";
import { said } from "@/parts/documents/things";
import type { Edits } from "@/parts/documents/useEdits";
import { Section } from "@/parts/Page";
import { useWords } from "@/words/i18n";
import type { TextKey } from "@/words/texts";
import { behindLast, GROUPS, isBacked, ofKind, shifted, type Persona, type Trait } from "./persona";

interface Props {
  persona: Persona;
  revision: number;
  edits: Edits;
  may: boolean;
  /** Those alone that rest on nothing yet. */
  bare: boolean;
  onOpen: (trait: Trait) => void;
}

/** What is known and believed of a persona, kind by kind: changed in place, put in order, each marked by what it rests on. */
export function Traits({ bare, ...props }: Props) {
  const { t } = useWords();
  const kept = (kind: string) => ofKind(props.persona, kind).filter((trait) => !bare || !isBacked(trait));
  const groups = GROUPS.map((group) => ({ ...group, kinds: group.kinds.filter((kind) => !bare || kept(kind).length) })).filter((group) => group.kinds.length);
  if (!groups.length) return <p className="muted">{t("all_backed")}</p>;
  return (
    <div className="persona">
      {groups.map((group) => (
        <Section key={group.title} title={t(group.title)}>
          {group.kinds.map((kind) => <Kind key={kind} kind={kind} traits={kept(kind)} {...props} />)}
        </Section>
      ))}
    </div>
  );
}

function Kind({ kind, traits, persona, edits, may, ...rest }: Omit<Props, "bare"> & { kind: string; traits: Trait[] }) {
  const { t } = useWords();
  const [adding, setAdding] = useState(false);
  const [text, setText] = useState("");
  const name = t(`trait_${kind}` as TextKey);
  const add = () => {
    if (text.trim()) edits.edit({ do: "add", collection: "traits", thing: { id: newId("t"), kind, text: text.trim(), order: behindLast(persona, kind) } });
    setText("");
    return Boolean(text.trim());
  };
  return (
    <div className="trait-kind">
      <h3>{name}</h3>
      <ul className="list">
        {traits.map((trait) => <Row key={trait.id} trait={trait} persona={persona} edits={edits} may={may} {...rest} />)}
        {!traits.length && !adding && <li className="muted trait-none">{t("nothing_known")}</li>}
      </ul>
      {may && !adding && <button type="button" className="link small noprint trait-add" onClick={() => setAdding(true)}>+ {t("add")}<span className="hidden"> {name}</span></button>}
      {adding && (
        <form
          className="row" onSubmit={(event) => { event.preventDefault(); if (!add()) setAdding(false); }}
          onBlur={(event) => { if (!event.currentTarget.contains(event.relatedTarget)) { add(); setAdding(false); } }}
          onKeyDown={(event) => { if (event.key === "Escape") { setText(""); setAdding(false); } }}
        >
          <TextInput className="grow" size="xs" aria-label={t("new_trait", { kind: name })} placeholder={t("new_trait", { kind: name })} value={text} onChange={(event) => setText(event.currentTarget.value)} autoFocus />
          <Button type="submit" size="xs">{t("add")}</Button>
        </form>
      )}
    </div>
  );
}

function Row({ trait, persona, revision, edits, may, onOpen }: Omit<Props, "bare"> & { trait: Trait }) {
  const { t, language } = useWords();
  const text = said(trait, "text", language);
  const links = Object.keys(trait.evidence ?? {}).length;
  const [up, down] = [shifted(persona, trait, -1), shifted(persona, trait, 1)];
  const go = (change: Change | null) => change && edits.edit(change);
  const keys = (event: KeyboardEvent) => {
    if (!may || !event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    go(event.key === "ArrowUp" ? up : down);
  };
  return (
    <li className={`trait${isBacked(trait) ? " trait-backed" : ""}`} onKeyDown={keys}>
      <InPlace className="trait-text" text={text} label={t("change_text")} revision={revision} write={may ? (now, since) => edits.editSince(since, saying(persona, "traits", trait, "text", language, now)) : undefined} />
      <span className="trait-side">
        <button type="button" className="link small trait-rests" onClick={() => onOpen(trait)}>
          <span className="trait-mark" aria-hidden>{isBacked(trait) ? "●" : "○"}</span>
          {t(`provenance_${trait.provenance ?? "hypothesis"}` as TextKey)}{links > 0 && ` · ${t("evidence_n", { n: links })}`}<span className="hidden"> {text}</span>
        </button>
        {may && (
          <span className="trait-acts noprint">
            <button type="button" className="plain" aria-label={t("up", { text })} title={t("up_key")} disabled={!up} onClick={() => go(up)}>↑</button>
            <button type="button" className="plain" aria-label={t("down", { text })} title={t("down_key")} disabled={!down} onClick={() => go(down)}>↓</button>
          </span>
        )}
      </span>
    </li>
  );
}
