import { Button, CopyButton, NumberInput, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { FigureView } from "@/parts/FigureView";
import { JobNote } from "@/parts/JobNote";
import { ExportMenu } from "@/parts/ExportMenu";
import { Page, Section } from "@/parts/Page";
import { RowsPanel } from "@/parts/RowsPanel";
import { Answer, FaultNote } from "@/parts/States";
import { address, get, post } from "@/wire/api";
import { useJob, type Job } from "@/wire/jobs";
import { recipeWords, type Recipe, type Rows } from "@/wire/result";
import { useMay } from "@/wire/session";
import type { Figure } from "@/words/figures";
import { useWords } from "@/words/i18n";
import type { TextKey } from "@/words/texts";

interface Survey {
  id: string;
  title?: string;
  intro?: string;
  state?: string;
  access?: string;
  anonymous?: boolean;
}

interface Question {
  question?: string;
  text?: string;
  outcome?: string;
  instrument: string;
  n: number;
  figure?: Figure;
  recipe?: Recipe;
  options?: Record<string, number>;
  texts?: string[];
}

interface Results {
  questions: Question[];
  counts: Record<string, number>;
}

export default function SurveyRoom() {
  const { slug } = useParams({ strict: false }) as { slug: string };
  const { t, language } = useWords();
  const may = useMay("editor");
  const queries = useQueryClient();
  const survey = useQuery({ queryKey: ["survey", slug], queryFn: () => get<{ document: Survey }>("/api/v1/surveys/{id}", { path: { id: slug } }) });
  const results = useQuery({ queryKey: ["survey-results", slug], queryFn: () => get<Results>("/api/v1/surveys/{id}/results", { path: { id: slug } }), staleTime: 0 });
  const [open, setOpen] = useState<Question | null>(null);
  const state = useMutation({ mutationFn: (next: "open" | "closed") => post("/api/v1/surveys/{id}/state", { state: next }, { path: { id: slug } }), onSuccess: () => queries.invalidateQueries({ queryKey: ["survey", slug] }) });
  const deliver = useMutation({ mutationFn: () => post<Job>("/api/v1/surveys/deliver", {}) });
  const job = useJob(deliver.data?.id ?? null);
  const document = survey.data?.document;
  const isOpen = document?.state === "open";
  return (
    <Page
      title={document?.title || slug}
      about={document && [t(`survey_${document.state ?? "draft"}` as TextKey), document.anonymous ? t("survey_anonymous") : "", document.intro].filter(Boolean).join(" · ")}
      actions={may && document && (
        <>
          <Button variant={isOpen ? "default" : "filled"} onClick={() => state.mutate(isOpen ? "closed" : "open")} loading={state.isPending}>{isOpen ? t("close_survey") : t("open_survey")}</Button>
          <Button onClick={() => deliver.mutate()} loading={deliver.isPending}>{t("to_evidence")}</Button>
        </>
      )}
    >
      {(state.error || deliver.error) && <FaultNote error={state.error ?? deliver.error} />}
      {job.data && <JobNote job={job.data} />}
      {document && may && isOpen && <Links slug={slug} isPublic={document.access === "public"} />}
      <Section title={t("results")} about={t("results_about")} actions={<ExportMenu formats={["csv", "xlsx"]} address={(format) => address("/api/v1/surveys/{id}/answers/export", { path: { id: slug }, query: { format, language } })} />}>
        <Answer of={results}>
          {(found) => (
            <ul className="list">
              {found.questions.map((question, at) => (
                <li key={at} className="stack" style={{ gap: 4 }}>
                  <p className="strong">{question.text || question.outcome}</p>
                  {question.figure ? <p><FigureView figure={question.figure} behind={{ recipe: question.recipe }} onOpen={question.question ? () => setOpen(question) : undefined} /> <span className="muted">{question.recipe && recipeWords(question.recipe, language)}</span></p> : question.options ? <ul className="notes">{Object.entries(question.options).map(([option, n]) => <li key={option}>{option}: {n}</li>)}</ul> : <p className="muted">{t("answers_n", { n: question.n })}</p>}
                  {question.texts?.slice(0, 5).map((text, index) => <p key={index} className="muted">„{text}“</p>)}
                </li>
              ))}
            </ul>
          )}
        </Answer>
      </Section>
      {open?.question && (
        <RowsPanel
          key={open.question} title={open.text ?? ""} id={["survey", slug, open.question, open.n]} onClose={() => setOpen(null)}
          load={() => get<Rows>("/api/v1/surveys/{id}/answers", { path: { id: slug }, query: { question: open.question, limit: 5000 } })}
          exported={(format) => address("/api/v1/surveys/{id}/answers/export", { path: { id: slug }, query: { question: open.question, format, language } })}
        />
      )}
    </Page>
  );
}

function Links({ slug, isPublic }: { slug: string; isPublic: boolean }) {
  const { t } = useWords();
  const [count, setCount] = useState<number | string>(10);
  const make = useMutation({ mutationFn: () => post<{ links: string[] }>("/api/v1/surveys/{id}/links", { count: Number(count) || 1 }, { path: { id: slug } }) });
  const links = (make.data?.links ?? []).map((path) => new URL(path, location.origin).href).join("\n");
  const there = `${location.origin}/s/${slug}`;
  return (
    <Section title={t("share_survey")}>
      {isPublic && <p>{t("public_address")} <a href={there} target="_blank" rel="noreferrer">{there}</a></p>}
      <div className="row">
        <NumberInput label={t("one_time_links")} min={1} max={1000} value={count} onChange={setCount} w={140} />
        <Button mt={18} onClick={() => make.mutate()} loading={make.isPending}>{t("make_links")}</Button>
        {links && <CopyButton value={links}>{({ copied, copy }) => <Button mt={18} onClick={copy}>{copied ? t("copied") : t("copy")}</Button>}</CopyButton>}
      </div>
      {make.error && <FaultNote error={make.error} />}
      {links && <Textarea aria-label={t("one_time_links")} description={t("the_link_once")} value={links} readOnly autosize maxRows={8} />}
    </Section>
  );
}
