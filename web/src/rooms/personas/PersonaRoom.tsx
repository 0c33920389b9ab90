import { Button, Select, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { ExportMenu } from "@/parts/ExportMenu";
import { Page, Section } from "@/parts/Page";
import { Satisfaction } from "@/parts/Satisfaction";
import { Answer, FaultNote } from "@/parts/States";
import { address, get, post } from "@/wire/api";
import { useMay } from "@/wire/session";
import { useWords } from "@/words/i18n";
import { date } from "@/words/numbers";
import { ROLES, term } from "@/words/terms";
import type { TextKey } from "@/words/texts";
import { PersonaEvidence } from "./Evidence";
import "./persona.css";

interface Trait {
  id: string;
  kind: string;
  text?: string;
  provenance?: string;
  evidence?: Record<string, { quote?: string; speaker?: string; ref: string }>;
  translations?: Record<string, Record<string, string>>;
}

interface Persona {
  id: string;
  title?: string;
  sentence?: string;
  kind?: string;
  owner?: string;
  review_by?: string | null;
  roles?: string[];
  rule?: Record<string, unknown>;
  traits?: Record<string, Trait>;
}

interface Answered {
  revision: number;
  document: Persona;
}

/** The kinds of traits in the order a persona is read: the job, the four forces, the buying insights, the rest. */
const GROUPS: readonly { title: TextKey; kinds: readonly string[] }[] = [
  { title: "trait_jobs", kinds: ["job", "goal"] },
  { title: "trait_forces", kinds: ["push", "pull", "anxiety", "habit"] },
  { title: "trait_insights", kinds: ["trigger", "success", "barrier", "way", "criterion"] },
  { title: "trait_needs", kinds: ["requirement", "pain"] },
  { title: "trait_contact", kinds: ["contact", "source", "brand", "fact"] },
];

export default function PersonaRoom() {
  const { slug } = useParams({ strict: false }) as { slug: string };
  const persona = useQuery({ queryKey: ["persona", slug], queryFn: () => get<Answered>("/api/v1/personas/{id}", { path: { id: slug } }) });
  return persona.data ? <Shown slug={slug} answer={persona.data} /> : <div className="page"><Answer of={persona}>{() => null}</Answer></div>;
}

function Shown({ slug, answer }: { slug: string; answer: Answered }) {
  const { t, language } = useWords();
  const may = useMay("editor");
  const queries = useQueryClient();
  const persona = answer.document;
  const edit = useMutation({
    mutationFn: (change: Record<string, unknown>) => post("/api/v1/personas/{id}/edits", { base_revision: answer.revision, changes: [change] }, { path: { id: slug } }),
    onSuccess: () => Promise.all([queries.invalidateQueries({ queryKey: ["persona", slug] }), queries.invalidateQueries({ queryKey: ["filters"] }), queries.invalidateQueries({ queryKey: ["analysis"] })]),
  });
  const set = (field: string, value: unknown) => edit.mutate(value === "" || value === null ? { do: "set", path: [field], absent: true } : { do: "set", path: [field], value });
  const traits = Object.values(persona.traits ?? {});
  const backed = traits.filter((trait) => Object.keys(trait.evidence ?? {}).length > 0 || ["interview", "survey", "data"].includes(trait.provenance ?? "")).length;
  const status = !traits.length || backed === 0 ? t("rests_on_assumption") : t("rests_on", { n: backed, of: traits.length });
  return (
    <Page title={persona.title || slug} about={[persona.sentence, persona.owner && t("owned_by", { name: persona.owner }), persona.review_by && t("next_review", { date: date(persona.review_by, language) })].filter(Boolean).join(" · ")} actions={<ExportMenu label={t("one_page")} formats={["pdf", "pptx", "png", "svg", "html"]} address={(format) => address("/api/v1/personas/{id}/report", { path: { id: slug }, query: { format, language } })} />}>
      {edit.error && <FaultNote error={edit.error} />}
      <p className="lead-line">{status}</p>
      <PersonaEvidence slug={slug} revision={answer.revision} hasRule={Object.keys(persona.rule ?? {}).length > 0} called={(id) => persona.traits?.[id]?.translations?.[language]?.text || persona.traits?.[id]?.text} />
      {Object.keys(persona.rule ?? {}).length > 0 && <Satisfaction persona={slug} />}
      <div className="persona">
        {GROUPS.map((group) => (
          <Section key={group.title} title={t(group.title)}>
            {group.kinds.map((kind) => {
              const own = traits.filter((trait) => trait.kind === kind);
              return (
                <div key={kind} className="trait-kind">
                  <h3>{t(`trait_${kind}` as TextKey)}</h3>
                  <ul className="list">
                    {own.map((trait) => (
                      <li key={trait.id} className="row">
                        <span className="grow">{trait.translations?.[language]?.text || trait.text}</span>
                        <span className="muted small">{t(`provenance_${trait.provenance ?? "hypothesis"}` as TextKey)}</span>
                        {may && <button type="button" className="link small" onClick={() => edit.mutate({ do: "remove", collection: "traits", id: trait.id })}>{t("remove")}<span className="hidden"> {trait.text}</span></button>}
                      </li>
                    ))}
                    {!own.length && <li className="muted">{t("nothing_known")}</li>}
                  </ul>
                </div>
              );
            })}
          </Section>
        ))}
      </div>
      {may && <AddTrait onAdd={(trait) => edit.mutate({ do: "add", collection: "traits", thing: trait })} />}
      {may && (
        <Section title={t("persona_head")}>
          <div className="fields-wide">
            <TextInput key={`t${persona.title}`} label={t("title")} defaultValue={persona.title ?? ""} onBlur={(event) => event.currentTarget.value !== (persona.title ?? "") && set("title", event.currentTarget.value)} />
            <Textarea key={`s${persona.sentence}`} label={t("sentence")} defaultValue={persona.sentence ?? ""} autosize onBlur={(event) => event.currentTarget.value !== (persona.sentence ?? "") && set("sentence", event.currentTarget.value)} />
            <TextInput key={`r${JSON.stringify(persona.rule)}`} label={t("rule_title")} description={t("rule_about")} defaultValue={String(persona.rule?.title ?? "")} onBlur={(event) => event.currentTarget.value !== String(persona.rule?.title ?? "") && set("rule", event.currentTarget.value ? { ...persona.rule, title: event.currentTarget.value } : null)} />
            <Select label={t("role")} data={ROLES.map((value) => ({ value, label: term("role", value, language) }))} value={persona.roles?.[0] ?? null} clearable onChange={(value) => set("roles", value ? [value] : null)} />
          </div>
        </Section>
      )}
    </Page>
  );
}

function AddTrait({ onAdd }: { onAdd: (trait: Record<string, unknown>) => void }) {
  const { t } = useWords();
  const [kind, setKind] = useState("goal");
  const [text, setText] = useState("");
  return (
    <form
      className="row add-trait"
      onSubmit={(event) => {
        event.preventDefault();
        if (!text.trim()) return;
        onAdd({ id: `t${crypto.randomUUID().slice(0, 8)}`, kind, text: text.trim(), order: "z" });
        setText("");
      }}
    >
      <Select w={200} label={t("kind_of_trait")} data={GROUPS.map((group) => ({ group: t(group.title), items: group.kinds.map((one) => ({ value: one, label: t(`trait_${one}` as TextKey) })) }))} value={kind} onChange={(value) => value && setKind(value)} />
      <TextInput className="grow" label={t("add_trait")} value={text} onChange={(event) => setText(event.currentTarget.value)} />
      <Button type="submit" mt={18}>{t("add")}</Button>
    </form>
  );
}
