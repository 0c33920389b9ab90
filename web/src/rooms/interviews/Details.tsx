import { MultiSelect, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Listed } from "@/parts/DocumentTable";
import { setOf } from "@/parts/documents/changes";
import type { Edits } from "@/parts/documents/useEdits";
import { useKept } from "@/parts/documents/useKept";
import { Side } from "@/parts/Side";
import { nameOf } from "@/parts/names";
import { get } from "@/wire/api";
import { useWords } from "@/words/i18n";
import { ROLES, term } from "@/words/terms";
import type { TextKey } from "@/words/texts";
import type { Interview, Turn } from "./interview";

/** What is known of an interview: title, day, decision, personas, and who speaks in which role. */
export function Details({ interview, turns, revision, edits, onClose }: { interview: Interview; turns: readonly Turn[]; revision: number; edits: Edits; onClose: () => void }) {
  const { t, language } = useWords();
  const personas = useQuery({ queryKey: ["personas"], queryFn: () => get<Listed[]>("/api/v1/personas"), staleTime: 60_000 });
  const title = useKept(interview.title ?? "", revision, (now, since) => now.trim() && edits.editSince(since, setOf("", "", "title", now.trim())));
  const set = (field: string, value: unknown) => edits.edit(setOf("", "", field, value));
  const known = new Map((personas.data ?? []).map((one) => [one.id, one.title || one.id]));
  const names = new Map(turns.map((turn) => [nameOf(turn.speaker), turn.speaker]));
  return (
    <div className="interview-panel">
      <Side title={t("interview_details")} onClose={onClose}>
        <TextInput label={t("title")} {...title} />
        <TextInput key={`d${interview.held_on}`} type="date" label={t("held_on")} defaultValue={interview.held_on ?? ""} onBlur={(event) => event.currentTarget.value !== (interview.held_on ?? "") && set("held_on", event.currentTarget.value)} />
        <Select label={t("how_decided")} data={["won", "lost", "open"].map((value) => ({ value, label: t(`decided_${value}` as TextKey) }))} value={interview.decision || null} clearable onChange={(value) => set("decision", value)} />
        <MultiSelect label={t("room_personas")} data={[...new Set([...known.keys(), ...(interview.personas ?? [])])].map((value) => ({ value, label: known.get(value) ?? value }))} value={interview.personas ?? []} onChange={(value) => set("personas", value.length ? value : null)} />
        <h3>{t("speakers")}</h3>
        <ul className="list">
          {Object.values(interview.speakers ?? {}).map((one) => (
            <li key={one.id} className="stack speaker">
              <span className="strong">{names.get(one.id) ?? one.id}</span>
              <Select label={t("speaks_as")} aria-label={`${names.get(one.id) ?? one.id}: ${t("speaks_as")}`} data={["interviewer", "respondent", "other"].map((value) => ({ value, label: t(`speaks_${value}` as TextKey) }))} value={one.role ?? "respondent"} allowDeselect={false} onChange={(value) => edits.edit(setOf("speakers", one.id, "role", value))} />
              <Select label={t("role")} aria-label={`${names.get(one.id) ?? one.id}: ${t("role")}`} data={ROLES.map((value) => ({ value, label: term("role", value, language) }))} value={one.buying_role || null} clearable onChange={(value) => edits.edit(setOf("speakers", one.id, "buying_role", value))} />
            </li>
          ))}
          {!Object.keys(interview.speakers ?? {}).length && <li className="muted">{t("no_speakers")}</li>}
        </ul>
      </Side>
    </div>
  );
}
