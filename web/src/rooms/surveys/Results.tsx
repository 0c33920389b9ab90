import type { UseQueryResult } from "@tanstack/react-query";
import { useState } from "react";
import { said } from "@/parts/documents/things";
import { ExportMenu } from "@/parts/ExportMenu";
import { FigureView } from "@/parts/FigureView";
import { Section } from "@/parts/Page";
import { RowsPanel } from "@/parts/RowsPanel";
import { Answer } from "@/parts/States";
import { address, get } from "@/wire/api";
import { recipeWords, type Rows } from "@/wire/result";
import { useWords } from "@/words/i18n";
import type { Answers, Results as Found, Survey } from "./survey";

const FEW_TEXTS = 5;

/** What was answered: the figure of each question by its recipe, shares of a choice, words as they were written. */
export function Results({ survey, results }: { survey: Survey; results: UseQueryResult<Found> }) {
  const { t, language } = useWords();
  const [open, setOpen] = useState<Answers | null>(null);
  const slug = survey.id;
  const asked = (one: Answers) => {
    const question = one.question ? survey.questions?.[one.question] : undefined;
    return (question && said(question, "text", language)) || one.text || one.outcome || "";
  };
  return (
    <Section title={t("results")} about={t("results_about")} actions={<ExportMenu formats={["csv", "xlsx"]} address={(format) => address("/api/v1/surveys/{id}/answers/export", { path: { id: slug }, query: { format, language } })} />}>
      <Answer of={results}>
        {(found) => (
          <>
            <p className="lead-line">{t("answers_n", { n: found.counts.responses })}{found.counts.links > 0 && ` · ${t("links_used", { used: found.counts.used, n: found.counts.links })}`}</p>
            <ul className="list">{found.questions.map((one, at) => <li key={at} className="stack" style={{ gap: 4 }}><One answers={one} asked={asked(one)} onOpen={one.question ? () => setOpen(one) : undefined} /></li>)}</ul>
          </>
        )}
      </Answer>
      {open?.question && (
        <RowsPanel
          key={open.question} title={asked(open)} id={["survey", slug, open.question, open.n]} onClose={() => setOpen(null)}
          load={() => get<Rows>("/api/v1/surveys/{id}/answers", { path: { id: slug }, query: { question: open.question, limit: 5000 } })}
          exported={(format) => address("/api/v1/surveys/{id}/answers/export", { path: { id: slug }, query: { question: open.question, format, language } })}
        />
      )}
    </Section>
  );
}

function One({ answers, asked, onOpen }: { answers: Answers; asked: string; onOpen?: () => void }) {
  const { t, language } = useWords();
  const { figure, options, texts, recipe, n } = answers;
  const all = onOpen && n > 0 && <button type="button" className="link small" onClick={onOpen}>{t("answers_n", { n })}<span className="hidden"> {asked}</span></button>;
  return (
    <>
      <p className="strong">{asked}</p>
      {figure && <p><FigureView figure={figure} behind={{ recipe }} onOpen={n ? onOpen : undefined} /> <span className="muted">{recipe && recipeWords(recipe, language)}</span></p>}
      {options && (
        <>
          <table className="rows shares">
            <thead className="hidden"><tr><th scope="col">{t("options")}</th><th scope="col">{t("share_chosen")}</th><th scope="col">{t("answers_number")}</th></tr></thead>
            <tbody>
              {options.map((one) => (
                <tr key={one.option}>
                  <td>{one.option}</td>
                  <td><FigureView figure={one.figure} unit="share" behind={{ recipe }} onOpen={n ? onOpen : undefined} /></td>
                  <td className="number">{one.count}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className="muted small">{recipe && recipeWords(recipe, language)}</p>
        </>
      )}
      {texts?.slice(0, FEW_TEXTS).map((text, index) => <p key={index} className="muted">„{text}“</p>)}
      {!figure && all && <p>{all}</p>}
      {!n && !figure && <p className="muted">{t("answers_n", { n })}</p>}
    </>
  );
}
