import { Button, Checkbox, Select, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Dialog } from "@/parts/Dialog";
import { setOf } from "@/parts/documents/changes";
import { DocumentList } from "@/parts/Documents";
import { Due, type Listed } from "@/parts/DocumentTable";
import { Section } from "@/parts/Page";
import { Answer, FaultNote } from "@/parts/States";
import { get, post } from "@/wire/api";
import { useMay } from "@/wire/session";
import { useWords } from "@/words/i18n";
import { date } from "@/words/numbers";
import { namesOf } from "./review";

interface Task {
  review: string;
  task: string;
  text: string;
  owner?: string;
  due?: string | null;
  overdue?: boolean;
}

export default function ReviewsRoom() {
  const { t, language } = useWords();
  const maps = useQuery({ queryKey: ["maps"], queryFn: () => get<Listed[]>("/api/v1/maps") });
  const mapOf = (row: Listed) => maps.data?.find((one) => one.id === row.of);
  const columns = [
    { title: t("map"), cell: (row: Listed) => mapOf(row)?.title ?? row.of ?? "" },
    { title: t("day"), cell: (row: Listed) => (row.day ? date(row.day, language) : "") },
    { title: t("state"), cell: (row: Listed) => (row.state === "closed" ? t("review_closed") : <span className="strong">{t("review_open")}</span>) },
    { title: t("next_on"), cell: (row: Listed) => <Due row={{ review_by: mapOf(row)?.review_by ?? null }} /> },
  ];
  return (
    <DocumentList title={t("room_reviews")} about={t("reviews_about")} many="reviews" none={t("no_reviews")} noneNext={t("no_reviews_next")} columns={columns} action={<Start />}>
      <OpenTasks />
    </DocumentList>
  );
}

function Start() {
  const { t } = useWords();
  const may = useMay("editor");
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const [map, setMap] = useState<string | null>(null);
  const [who, setWho] = useState("");
  const maps = useQuery({ queryKey: ["maps"], queryFn: () => get<Listed[]>("/api/v1/maps"), enabled: open });
  const start = useMutation({
    mutationFn: () => post<{ id: string }>("/api/v1/reviews", { map, attendees: namesOf(who) }),
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: ["reviews"] });
      void navigate({ to: "/reviews/$slug", params: { slug: made.id } });
    },
  });
  if (!may) return null;
  return (
    <>
      <Button variant="filled" onClick={() => setOpen(true)}>{t("start_review")}</Button>
      {open && (
        <Dialog onClose={() => setOpen(false)} title={t("start_review")}>
          <form className="stack" onSubmit={(event) => { event.preventDefault(); start.mutate(); }}>
            <p className="muted">{t("start_review_about")}</p>
            <Select label={t("map")} data={(maps.data ?? []).map((one) => ({ value: one.id, label: one.title || one.id }))} value={map} onChange={setMap} required data-autofocus />
            <TextInput label={t("attendees")} value={who} onChange={(event) => setWho(event.currentTarget.value)} />
            {start.error && <FaultNote error={start.error} />}
            <div><Button type="submit" variant="filled" disabled={!map} loading={start.isPending}>{t("start_review")}</Button></div>
          </form>
        </Dialog>
      )}
    </>
  );
}

/** The open tasks of all reviews, the most overdue first: ticked off here, and taken back where that was a slip. */
function OpenTasks() {
  const { t, language } = useWords();
  const queries = useQueryClient();
  const may = useMay("editor");
  const tasks = useQuery({ queryKey: ["tasks"], queryFn: () => get<Task[]>("/api/v1/reviews/tasks") });
  const [slip, setSlip] = useState<Task | null>(null);
  const again = () => Promise.all(["tasks", "review", "overview"].map((name) => queries.invalidateQueries({ queryKey: [name] })));
  const done = useMutation({
    mutationFn: (task: Task) => post("/api/v1/reviews/{id}/tasks/{task}/done", {}, { path: { id: task.review, task: task.task } }),
    onSuccess: async (_, task) => { setSlip(task); await again(); },
  });
  const back = useMutation({
    mutationFn: (task: Task) => post("/api/v1/reviews/{id}/edits", { changes: [setOf("tasks", task.task, "done", null)] }, { path: { id: task.review } }),
    onSuccess: async () => { setSlip(null); await again(); },
  });
  return (
    <Section title={t("open_tasks")}>
      {(done.error ?? back.error) && <FaultNote error={done.error ?? back.error} />}
      {slip && <p role="status">{t("task_done", { text: slip.text })} <button type="button" className="link" onClick={() => back.mutate(slip)}>{t("take_back")}</button></p>}
      <Answer of={tasks}>
        {(found) =>
          found.length ? (
            <ul className="list">
              {found.map((task) => (
                <li key={`${task.review}${task.task}`} className="row">
                  {may ? <Checkbox className="grow" label={task.text} checked={done.isPending && done.variables === task} onChange={() => done.mutate(task)} /> : <span className="grow">{task.text}</span>}
                  <Link className="small" to="/reviews/$slug" params={{ slug: task.review }}>{t("to_review")}<span className="hidden"> {task.review}</span></Link>
                  <span className={task.overdue ? "late" : "muted"}>{[task.owner, task.due && date(task.due, language), task.overdue && t("overdue")].filter(Boolean).join(" · ")}</span>
                </li>
              ))}
            </ul>
          ) : (
            <p className="muted">{t("no_tasks")}</p>
          )
        }
      </Answer>
    </Section>
  );
}
