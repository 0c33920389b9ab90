import { Button, Checkbox, NumberInput, Select, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { Side } from "@/parts/Side";
import { useWords } from "@/words/i18n";
import { columnName, stageOptions, term, touchpointOptions } from "@/words/terms";
import type { TextKey } from "@/words/texts";
import { changesOf, draftOf, INSTRUMENTS, languagesOf, optionsOf, PAIRED, SCALES, type Draft, type Question, type Survey, type TextField } from "./survey";
import type { Change } from "@/parts/documents/changes";

interface Props {
  survey: Survey;
  question: Question | null;
  /** How many answered it: what was asked then stays. */
  answers: number;
  onSave: (changes: Change[]) => void;
  onClose: () => void;
}

/** One question: what is asked in each language, how it is answered, and which stage and touchpoint the answers are about. */
export function QuestionForm({ survey, question, answers, onSave, onClose }: Props) {
  const { t, language } = useWords();
  const languages = languagesOf(survey);
  const [draft, setDraft] = useState<Draft>(() => draftOf(question, languages));
  const set = (changed: Partial<Draft>) => setDraft((before) => ({ ...before, ...changed }));
  const say = (spoken: string, field: TextField, text: string) => setDraft((before) => ({ ...before, texts: { ...before.texts, [spoken]: { ...before.texts[spoken]!, [field]: text } } }));
  const fixed = answers > 0;
  const scale = SCALES[draft.instrument];
  const withOwn = (name: "stage" | "touchpoint", known: { value: string; label: string }[]) => (!draft[name] || known.some((one) => one.value === draft[name]) ? known : [...known, { value: draft[name], label: term(name, draft[name], language) }]);
  const few = draft.instrument === "choice" && optionsOf(draft.options).length < 2;
  const silent = !draft.texts[languages[0]!]?.text.trim();
  return (
    <Side title={question ? t("edit_question") : t("new_question")} about={fixed ? t("question_answered", { n: answers }) : undefined} onClose={onClose}>
      <form className="stack" onSubmit={(event) => { event.preventDefault(); onSave(changesOf(draft, question, survey)); }}>
        {languages.map((spoken, at) => (
          <Textarea key={spoken} label={languages.length > 1 ? t("question_in", { language: t(`language_${spoken}` as TextKey) }) : t("question")} required={at === 0} readOnly={fixed} autosize minRows={2} value={draft.texts[spoken]?.text ?? ""} onChange={(event) => say(spoken, "text", event.currentTarget.value)} data-autofocus={at === 0 || undefined} />
        ))}
        <Select label={t("instrument")} description={t(`instrument_${draft.instrument}_about` as TextKey)} readOnly={fixed} allowDeselect={false} data={INSTRUMENTS.map((value) => ({ value, label: t(`instrument_${value}`) }))} value={draft.instrument} onChange={(value) => value && set({ instrument: value })} />
        {scale && (
          <>
            {draft.instrument !== "nps" && (
              <div className="row">
                <NumberInput w={120} label={t("lowest")} readOnly={fixed} value={draft.low === "" ? scale[0] : Number(draft.low)} min={0} max={99} allowDecimal={false} onChange={(value) => set({ low: String(value) })} />
                <NumberInput w={120} label={t("highest")} readOnly={fixed} value={draft.high === "" ? scale[1] : Number(draft.high)} min={1} max={100} allowDecimal={false} onChange={(value) => set({ high: String(value) })} />
                <Select className="grow" label={t("good_end")} readOnly={fixed} allowDeselect={false} data={[{ value: "high", label: t("good_end_high") }, { value: "low", label: t("good_end_low") }]} value={draft.direction} onChange={(value) => value && set({ direction: value as "high" | "low" })} />
              </div>
            )}
            {languages.map((spoken) => (
              <div className="row" key={spoken}>
                <TextInput className="grow" label={within(t("low_end"), spoken)} readOnly={fixed} value={draft.texts[spoken]?.low_label ?? ""} onChange={(event) => say(spoken, "low_label", event.currentTarget.value)} />
                <TextInput className="grow" label={within(t("high_end"), spoken)} readOnly={fixed} value={draft.texts[spoken]?.high_label ?? ""} onChange={(event) => say(spoken, "high_label", event.currentTarget.value)} />
              </div>
            ))}
          </>
        )}
        {draft.instrument === "choice" && <Textarea label={t("options")} description={t("options_about")} error={few && draft.options.trim() ? t("options_few") : undefined} required readOnly={fixed} autosize minRows={3} value={draft.options} onChange={(event) => set({ options: event.currentTarget.value })} />}
        {PAIRED.includes(draft.instrument) && <TextInput label={t("need")} description={t("need_about")} readOnly={fixed} value={draft.outcome} onChange={(event) => set({ outcome: event.currentTarget.value })} />}
        <div className="row">
          <Select className="grow" label={t("stage")} data={withOwn("stage", stageOptions(language))} value={draft.stage || null} clearable searchable onChange={(value) => set({ stage: value ?? "" })} />
          <Select className="grow" label={columnName("touchpoint", language)} data={withOwn("touchpoint", touchpointOptions(language))} value={draft.touchpoint || null} clearable searchable onChange={(value) => set({ touchpoint: value ?? "" })} />
        </div>
        <Checkbox label={t("required_question")} checked={draft.required} onChange={(event) => set({ required: event.currentTarget.checked })} />
        <div className="row"><Button type="submit" variant="filled" disabled={few || silent}>{t("save")}</Button><Button onClick={onClose}>{t("cancel")}</Button></div>
      </form>
    </Side>
  );

  function within(label: string, spoken: string): string {
    return languages.length > 1 ? `${label} (${t(`language_${spoken}` as TextKey)})` : label;
  }
}
