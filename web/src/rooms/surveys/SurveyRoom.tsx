import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import type { Change } from "@/parts/documents/changes";
import { DocumentMenu } from "@/parts/DocumentMenu";
import { Clashes } from "@/parts/documents/Clashes";
import { useEdits, type Answered } from "@/parts/documents/useEdits";
import { JobNote } from "@/parts/JobNote";
import { nameOf } from "@/parts/names";
import { Page } from "@/parts/Page";
import { Answer, FaultNote } from "@/parts/States";
import { address, get, post } from "@/wire/api";
import { useJob, type Job } from "@/wire/jobs";
import { useMay } from "@/wire/session";
import { useWords } from "@/words/i18n";
import { date } from "@/words/numbers";
import type { TextKey } from "@/words/texts";
import { said } from "@/parts/documents/things";
import { Head } from "./Head";
import { Links } from "./Links";
import { Questions } from "./Questions";
import { Results } from "./Results";
import type { Results as Found, Survey } from "./survey";
import "./survey.css";

/** A survey: what it asks, who gets it, and what was answered. */
export default function SurveyRoom() {
  const { slug } = useParams({ strict: false }) as { slug: string };
  const survey = useQuery({ queryKey: ["survey", slug], queryFn: () => get<Answered<Survey>>("/api/v1/surveys/{id}", { path: { id: slug } }) });
  return survey.data ? <Shown key={slug} slug={slug} answer={survey.data} /> : <div className="page"><Answer of={survey}>{() => null}</Answer></div>;
}

function Shown({ slug, answer }: { slug: string; answer: Answered<Survey> }) {
  const { document, revision } = answer;
  const { t, language } = useWords();
  const may = useMay("editor");
  const go = useNavigate();
  const queries = useQueryClient();
  const edits = useEdits<Survey>({ many: "surveys", slug, queryKey: ["survey", slug], also: [["surveys"], ["survey-results", slug]] }, revision);
  const results = useQuery({ queryKey: ["survey-results", slug], queryFn: () => get<Found>("/api/v1/surveys/{id}/results", { path: { id: slug } }), staleTime: 0 });
  const state = useMutation({ mutationFn: (next: "open" | "closed") => post("/api/v1/surveys/{id}/state", { state: next }, { path: { id: slug } }), onSuccess: edits.again });
  const deliver = useMutation({ mutationFn: () => post<Job>("/api/v1/surveys/deliver", {}) });
  const copy = useMutation({
    mutationFn: () => post<{ id: string }>("/api/v1/surveys", { id: nameOf(`${slug}-${t("copy_suffix")}`), title: `${document.title ?? slug} (${t("copy_suffix")})`, copy_of: slug }),
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: ["surveys"] });
      await go({ to: "/surveys/$slug", params: { slug: made.id } });
    },
  });
  const job = useJob(deliver.data?.id ?? null);
  const isOpen = document.state === "open";
  const asked = Object.keys(document.questions ?? {}).length > 0;
  const answered = (results.data?.counts.responses ?? 0) > 0;
  const onEdit = may ? (changes: Change[]) => edits.edit(...changes) : undefined;
  const questions = <Questions survey={document} results={results.data} onEdit={onEdit} />;
  return (
    <Page
      title={said({ ...document }, "title", language) || slug}
      about={[t(`survey_${document.state ?? "draft"}` as TextKey), document.anonymous !== false ? t("survey_anonymous") : "", document.closes_on && t("until_date", { date: date(document.closes_on, language) }), said({ ...document }, "intro", language)].filter(Boolean).join(" · ")}
      actions={
        <>
          {may && asked && <Button variant={isOpen ? "default" : "filled"} onClick={() => state.mutate(isOpen ? "closed" : "open")} loading={state.isPending}>{isOpen ? t("close_survey") : t("open_survey")}</Button>}
          <Button component="a" href={address("/api/v1/surveys/{id}/form", { path: { id: slug }, query: { language } })} target="_blank" rel="noreferrer">{t("preview")}</Button>
          {may && <Button onClick={() => deliver.mutate()} loading={deliver.isPending} disabled={!answered}>{t("to_evidence")}</Button>}
          <DocumentMenu many="surveys" slug={slug} document={document} revision={revision} onChanged={edits.again} onDuplicate={() => copy.mutate()} />
        </>
      }
    >
      {(state.error || deliver.error || copy.error) && <FaultNote error={state.error ?? deliver.error ?? copy.error} />}
      <Clashes of={edits} document={document} />
      {job.data && <JobNote job={job.data} />}
      {may && isOpen && <Links slug={slug} isPublic={document.access === "public"} onMade={() => void queries.invalidateQueries({ queryKey: ["survey-results", slug] })} />}
      {!answered && questions}
      <Results survey={document} results={results} />
      {answered && questions}
      {onEdit && <Head survey={document} onEdit={onEdit} />}
    </Page>
  );
}
