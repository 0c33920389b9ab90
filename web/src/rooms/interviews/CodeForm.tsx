import { Button, NumberInput, Select, TagsInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Listed } from "@/parts/DocumentTable";
import { get } from "@/wire/api";
import { useWords } from "@/words/i18n";
import { term } from "@/words/terms";
import type { TextKey } from "@/words/texts";
import { FORCES, RINGS } from "./interview";

export interface Codes {
  topics: string[];
  ring: string;
  force: string;
  stage: string;
  persona: string;
  feeling: number | null;
  note: string;
}

interface Props {
  given: Partial<Omit<Codes, "topics">> & { topics?: readonly string[] };
  topics: string[];
  label: string;
  busy?: boolean;
  onKeep: (codes: Codes) => void;
  onLeave: () => void;
}

/** What a passage is about: at least a topic, an insight or a force. */
export function CodeForm({ given, topics, label, busy, onKeep, onLeave }: Props) {
  const { t, language } = useWords();
  const [codes, setCodes] = useState<Codes>({ topics: [...(given.topics ?? [])], ring: given.ring ?? "", force: given.force ?? "", stage: given.stage ?? "", persona: given.persona ?? "", feeling: given.feeling ?? null, note: given.note ?? "" });
  const known = useQuery({ queryKey: ["filters"], queryFn: () => get<Record<string, unknown>>("/api/v1/filters"), staleTime: 60_000, retry: false });
  const personas = useQuery({ queryKey: ["personas"], queryFn: () => get<Listed[]>("/api/v1/personas"), staleTime: 60_000 });
  const stages = (Array.isArray(known.data?.stage) ? (known.data.stage as unknown[]) : []).map((one) => (typeof one === "string" ? one : String((one as { value?: string }).value ?? "")));
  const set = (now: Partial<Codes>) => setCodes((before) => ({ ...before, ...now }));
  const says = codes.topics.length > 0 || codes.ring || codes.force;
  return (
    <form className="stack" onSubmit={(event) => { event.preventDefault(); if (says) onKeep(codes); }}>
      <TagsInput label={t("topics")} description={t("topics_about")} data={topics} value={codes.topics} onChange={(value) => set({ topics: value })} acceptValueOnBlur data-autofocus />
      <Select label={t("trait_insights")} data={RINGS.map((value) => ({ value, label: t(`trait_${value}` as TextKey) }))} value={codes.ring || null} onChange={(value) => set({ ring: value ?? "" })} clearable />
      <Select label={t("trait_forces")} data={FORCES.map((value) => ({ value, label: t(`trait_${value}` as TextKey) }))} value={codes.force || null} onChange={(value) => set({ force: value ?? "" })} clearable />
      <Select label={t("stage")} data={[...new Set([...stages, codes.stage].filter(Boolean))].map((value) => ({ value, label: term("stage", value, language) }))} value={codes.stage || null} onChange={(value) => set({ stage: value ?? "" })} clearable searchable />
      {Boolean(personas.data?.length || codes.persona) && <Select label={t("persona")} description={t("persona_of_passage")} data={[...new Set([...(personas.data ?? []).map((one) => one.id), codes.persona].filter(Boolean))].map((value) => ({ value, label: personas.data?.find((one) => one.id === value)?.title || value }))} value={codes.persona || null} onChange={(value) => set({ persona: value ?? "" })} clearable searchable />}
      <NumberInput label={t("feeling")} description={t("feeling_about")} min={-2} max={2} step={0.5} value={codes.feeling ?? ""} onChange={(value) => set({ feeling: value === "" ? null : Number(value) })} />
      <TextInput label={t("note")} value={codes.note} onChange={(event) => set({ note: event.currentTarget.value })} />
      {!says && <p className="muted small">{t("code_needs")}</p>}
      <div className="row"><Button type="submit" variant="filled" loading={busy} disabled={!says}>{label}</Button><Button onClick={onLeave}>{t("cancel")}</Button></div>
    </form>
  );
}
