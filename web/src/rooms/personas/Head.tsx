import { MultiSelect, Select, Textarea, TextInput } from "@mantine/core";
import { setOf } from "@/parts/documents/changes";
import { Person } from "@/parts/documents/Person";
import { saying } from "@/parts/documents/saying";
import { said } from "@/parts/documents/things";
import type { Edits } from "@/parts/documents/useEdits";
import { useKept } from "@/parts/documents/useKept";
import { Section } from "@/parts/Page";
import { useWords } from "@/words/i18n";
import { ROLES, term } from "@/words/terms";
import type { TextKey } from "@/words/texts";
import type { Persona } from "./persona";
import { RuleFields } from "./RuleFields";

/** Head and rule of a persona: what it is called, who looks after it, which roles it has, and who belongs. */
export function Head({ persona, revision, edits }: { persona: Persona; revision: number; edits: Edits }) {
  const { t, language } = useWords();
  const own = (field: string) => said(persona, field, language);
  const title = useKept(own("title"), revision, (now, since) => now.trim() && edits.editSince(since, saying(persona, "", null, "title", language, now.trim())));
  const sentence = useKept(own("sentence"), revision, (now, since) => edits.editSince(since, saying(persona, "", null, "sentence", language, now.trim())));
  const set = (field: string, value: unknown) => edits.edit(setOf("", "", field, value));
  return (
    <>
      <Section title={t("persona_head")}>
        <div className="fields-wide">
          <TextInput label={t("title")} {...title} />
          <Textarea label={t("sentence")} autosize {...sentence} />
          <Select label={t("persona_is")} data={["user", "buyer", "both"].map((value) => ({ value, label: t(`persona_${value}` as TextKey) }))} value={persona.kind ?? "both"} allowDeselect={false} onChange={(value) => set("kind", value)} />
          <MultiSelect label={t("roles_of_persona")} data={ROLES.map((value) => ({ value, label: term("role", value, language) }))} value={persona.roles ?? []} onChange={(value) => set("roles", value.length ? value : null)} />
          <Person key={`o${persona.owner}`} label={t("owner")} defaultValue={persona.owner ?? ""} onBlur={(event) => event.currentTarget.value !== (persona.owner ?? "") && set("owner", event.currentTarget.value)} />
          <TextInput key={`r${persona.review_by}`} type="date" label={t("review_by")} defaultValue={persona.review_by ?? ""} onBlur={(event) => event.currentTarget.value !== (persona.review_by ?? "") && set("review_by", event.currentTarget.value)} />
        </div>
      </Section>
      <Section title={t("who_belongs")} about={t("who_belongs_about")}>
        <RuleFields persona={persona.id} rule={persona.rule ?? {}} onSet={(field, patterns) => edits.edit(patterns.length ? { do: "set", path: ["rule", field], value: patterns } : { do: "set", path: ["rule", field], absent: true })} />
      </Section>
    </>
  );
}
