import { Button, Menu } from "@mantine/core";
import { useState } from "react";
import type { Change } from "@/parts/documents/changes";
import { said, sorted } from "@/parts/documents/things";
import { Section } from "@/parts/Page";
import { useWords } from "@/words/i18n";
import { term } from "@/words/terms";
import type { TextKey } from "@/words/texts";
import { QuestionForm } from "./QuestionForm";
import { moved, SCALES, type Question, type Results, type Survey } from "./survey";

interface Props {
  survey: Survey;
  results: Results | undefined;
  /** Does changes; absent for those who may only look. */
  onEdit?: (changes: Change[]) => void;
}

/** What is asked, in order; each question opens its form. */
export function Questions({ survey, results, onEdit }: Props) {
  const { t, language } = useWords();
  const [open, setOpen] = useState<{ question: Question | null } | null>(null);
  const questions = sorted(survey.questions);
  const answered = (id: string) => results?.questions.find((one) => one.question === id)?.n ?? 0;
  const how = (one: Question) => {
    const scale = SCALES[one.instrument ?? ""];
    const kind = t(`instrument_${one.instrument ?? "text"}` as TextKey);
    const ends = scale && `${one.low ?? scale[0]}–${one.high ?? scale[1]}`;
    return [scale && one.instrument !== "nps" ? `${kind}, ${ends}` : kind, one.instrument === "choice" && (one.options ?? []).join(" / "), one.outcome && `${t("need")}: ${one.outcome}`, one.stage && term("stage", one.stage, language), one.touchpoint && term("touchpoint", one.touchpoint, language), one.required && t("required_question"), answered(one.id) > 0 && t("answers_n", { n: answered(one.id) })].filter(Boolean).join(" · ");
  };
  return (
    <Section title={t("questions")} about={t("questions_about")} actions={onEdit && <Button variant={questions.length ? "default" : "filled"} onClick={() => setOpen({ question: null })}>{t("new_question")}</Button>}>
      {questions.length ? (
        <ol className="list questions">
          {questions.map((one, at) => (
            <li key={one.id} className="row nowrap-row">
              <span className="muted" aria-hidden="true">{at + 1}.</span>
              <span className="grow">
                {onEdit ? <button type="button" className="link question-open" onClick={() => setOpen({ question: one })}>{said(one, "text", language)}</button> : <span className="strong">{said(one, "text", language)}</span>}
                <br /><span className="muted small">{how(one)}</span>
              </span>
              {onEdit && (
                <Menu position="bottom-end">
                  <Menu.Target><button type="button" className="dots" aria-label={t("menu_of", { name: said(one, "text", language) })}>⋯</button></Menu.Target>
                  <Menu.Dropdown>
                    <Menu.Item onClick={() => setOpen({ question: one })}>{t("edit_question")}</Menu.Item>
                    <Menu.Item disabled={at === 0} onClick={() => onEdit(moved(survey, one.id, -1))}>{t("move_up")}</Menu.Item>
                    <Menu.Item disabled={at === questions.length - 1} onClick={() => onEdit(moved(survey, one.id, 1))}>{t("move_down")}</Menu.Item>
                    <Menu.Item color="contradicted" onClick={() => onEdit([{ do: "remove", collection: "questions", id: one.id }])}>{t("remove")}</Menu.Item>
                  </Menu.Dropdown>
                </Menu>
              )}
            </li>
          ))}
        </ol>
      ) : (
        <p className="muted">{t("no_questions")}</p>
      )}
      {open && onEdit && (
        <QuestionForm
          key={open.question?.id ?? "new"} survey={survey} question={open.question} answers={open.question ? answered(open.question.id) : 0} onClose={() => setOpen(null)}
          onSave={(changes) => {
            if (changes.length) onEdit(changes);
            setOpen(null);
          }}
        />
      )}
    </Section>
  );
}
