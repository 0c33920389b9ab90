import { Checkbox, Select, Textarea, TextInput } from "@mantine/core";
import { setOf, type Change } from "@/parts/documents/changes";
import { Section } from "@/parts/Page";
import { useWords } from "@/words/i18n";
import type { TextKey } from "@/words/texts";
import { languagesOf, type Survey } from "./survey";

const FIELDS = ["title", "intro", "thanks"] as const;

/** What stands around the questions, in each language, and who may answer until when. */
export function Head({ survey, onEdit }: { survey: Survey; onEdit: (changes: Change[]) => void }) {
  const { t } = useWords();
  const [own, ...others] = languagesOf(survey);
  const set = (field: string, value: unknown) => setOf("", "", field, value);
  const named = (field: string, spoken: string) => (others.length ? `${t(`survey_${field}` as TextKey)} (${t(`language_${spoken}` as TextKey)})` : t(`survey_${field}` as TextKey));
  return (
    <Section title={t("survey_head")}>
      <div className="fields-wide survey-head">
        {FIELDS.map((field) =>
          [own!, ...others].map((spoken) => {
            const before = spoken === own ? (survey[field] ?? "") : (survey.translations?.[spoken]?.[field] ?? "");
            const keep = (text: string) => text !== before && onEdit([spoken === own ? set(field, text) : { do: "translate", language: spoken, field, text: text || null }]);
            const props = { label: named(field, spoken), defaultValue: before, onBlur: (event: { currentTarget: { value: string } }) => keep(event.currentTarget.value) };
            return field === "title" ? <TextInput key={`${field}${spoken}${before}`} {...props} /> : <Textarea key={`${field}${spoken}${before}`} autosize {...props} />;
          }),
        )}
        <Select label={t("survey_languages")} allowDeselect={false} data={[{ value: "", label: t(`language_${own!}` as TextKey) }, { value: own === "de" ? "en" : "de", label: t("both_languages") }]} value={others[0] ?? ""} onChange={(value) => onEdit([set("languages", value ? [value] : null)])} />
        <Select label={t("survey_access")} allowDeselect={false} data={[{ value: "public", label: t("access_public") }, { value: "link", label: t("access_link") }]} value={survey.access ?? "link"} onChange={(value) => value && onEdit([set("access", value)])} />
        <TextInput type="date" label={t("closes_on")} description={t("closes_on_about")} defaultValue={survey.closes_on ?? ""} key={`c${survey.closes_on}`} onBlur={(event) => event.currentTarget.value !== (survey.closes_on ?? "") && onEdit([set("closes_on", event.currentTarget.value)])} />
        <Checkbox label={t("survey_anonymous_is")} description={t("survey_anonymous_about")} checked={survey.anonymous !== false} onChange={(event) => onEdit([{ do: "set", path: ["anonymous"], value: event.currentTarget.checked }])} />
      </div>
    </Section>
  );
}
