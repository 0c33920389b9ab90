import { Button, Select, Textarea, TextInput } from "@mantine/core";
import { AddEvidence } from "@/parts/documents/AddEvidence";
import { setOf } from "@/parts/documents/changes";
import { EvidenceRow } from "@/parts/documents/EvidenceRow";
import { Person } from "@/parts/documents/Person";
import { saying } from "@/parts/documents/saying";
import { said } from "@/parts/documents/things";
import type { Edits } from "@/parts/documents/useEdits";
import { useKept } from "@/parts/documents/useKept";
import { Side } from "@/parts/Side";
import { useWords } from "@/words/i18n";
import type { TextKey } from "@/words/texts";
import { behindLast, GROUPS, isBacked, PROVENANCES, type Persona, type Trait } from "./persona";

/** All about one trait: what it says, of which kind it is, where it comes from and what it rests on. */
export function TraitPanel({ persona, trait, revision, edits, may, onClose }: { persona: Persona; trait: Trait; revision: number; edits: Edits; may: boolean; onClose: () => void }) {
  const { t, language } = useWords();
  const text = useKept(said(trait, "text", language), revision, (now, since) => now.trim() && edits.editSince(since, saying(persona, "traits", trait, "text", language, now.trim())));
  const detail = useKept(said(trait, "detail", language), revision, (now, since) => edits.editSince(since, saying(persona, "traits", trait, "detail", language, now.trim())));
  const set = (field: string, value: unknown) => edits.edit(setOf("traits", trait.id, field, value));
  const links = Object.values(trait.evidence ?? {});
  const kinds = GROUPS.map((group) => ({ group: t(group.title), items: group.kinds.map((value) => ({ value, label: t(`trait_${value}` as TextKey) })) }));
  return (
    <Side title={said(trait, "text", language) || t("card_empty")} about={`${t(`trait_${trait.kind}` as TextKey)} · ${t(isBacked(trait) ? "is_backed" : "is_hypothesis")}`} onClose={onClose}>
      <div className="stack">
        <Textarea label={t("trait_text")} readOnly={!may} autosize {...text} />
        <Textarea label={t("card_detail")} readOnly={!may} autosize {...detail} />
        <div className="fields-wide">
          <Select label={t("kind_of_trait")} data={kinds} value={trait.kind} disabled={!may} allowDeselect={false} onChange={(value) => value && value !== trait.kind && edits.edit({ do: "move", collection: "traits", id: trait.id, to: { kind: value, order: behindLast(persona, value) } })} />
          <Select label={t("provenance")} data={PROVENANCES.map((value) => ({ value, label: t(`provenance_${value}` as TextKey) }))} value={trait.provenance ?? "hypothesis"} disabled={!may} allowDeselect={false} onChange={(value) => value && set("provenance", value)} />
          <Person key={`o${trait.owner}`} label={t("owner")} defaultValue={trait.owner ?? ""} disabled={!may} onBlur={(event) => event.currentTarget.value !== (trait.owner ?? "") && set("owner", event.currentTarget.value)} />
          <TextInput key={`r${trait.review_by}`} type="date" label={t("review_by")} defaultValue={trait.review_by ?? ""} readOnly={!may} onBlur={(event) => event.currentTarget.value !== (trait.review_by ?? "") && set("review_by", event.currentTarget.value)} />
        </div>
        <h3>{t("quotes_and_links")}</h3>
        {links.length ? (
          <ul className="list">{links.map((link) => <EvidenceRow key={link.ref} link={link} onUnlink={may ? () => edits.edit({ do: "unlink", collection: "traits", id: trait.id, ref: link.ref }) : undefined} />)}</ul>
        ) : (
          <p className="muted">{t("no_links_trait")}</p>
        )}
        {may && <AddEvidence there={trait.evidence} onLink={(evidence) => edits.edit({ do: "link", collection: "traits", id: trait.id, evidence }, ...(evidence.ref.startsWith("interview:") && !isBacked(trait) ? [setOf("traits", trait.id, "provenance", "interview")] : []))} />}
        {may && <div><Button color="contradicted" onClick={() => { edits.edit({ do: "remove", collection: "traits", id: trait.id }); onClose(); }}>{t("remove")}</Button></div>}
      </div>
    </Side>
  );
}
