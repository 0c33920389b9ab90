import { Button, Select, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Dialog } from "@/parts/Dialog";
import { DocumentList } from "@/parts/Documents";
import type { Listed } from "@/parts/DocumentTable";
import { Section } from "@/parts/Page";
import { Answer, FaultNote } from "@/parts/States";
import { get, post } from "@/wire/api";
import { useMay } from "@/wire/session";
import { useWords } from "@/words/i18n";
import { date } from "@/words/numbers";

interface Task {
  review: string;
  task?: string;
  id?: string;
  text: string;
  owner?: string;
  due?: string | null;
}

export default function ReviewsRoom() {
  const { t } = useWords();
  return (
    <DocumentList title={t("room_reviews")} about={t("reviews_about")} many="reviews" none={t("no_reviews")} noneNext={t("no_reviews_next")} action={<Start />}>
      <Tasks />
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
    mutationFn: () => post<{ id: string }>("/api/v1/reviews", { map, attendees: who.split(",").map((one) => one.trim()).filter(Boolean) }),
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

function Tasks() {
  const { t, language } = useWords();
  const queries = useQueryClient();
  const may = useMay("editor");
  const tasks = useQuery({ queryKey: ["tasks"], queryFn: () => get<Task[]>("/api/v1/reviews/tasks") });
  const done = useMutation({ mutationFn: (task: Task) => post("/api/v1/reviews/{id}/tasks/{task}/done", {}, { path: { id: task.review, task: task.task ?? task.id ?? "" } }), onSuccess: () => queries.invalidateQueries({ queryKey: ["tasks"] }) });
  return (
    <Section title={t("open_tasks")}>
      {done.error && <FaultNote error={done.error} />}
      <Answer of={tasks}>
        {(found) =>
          found.length ? (
            <ul className="list">
              {found.map((task, at) => (
                <li key={at} className="row">
                  <span className="grow">{task.text}</span>
                  <span className="muted">{[task.owner, task.due && date(task.due, language)].filter(Boolean).join(" · ")}</span>
                  {may && <Button onClick={() => done.mutate(task)}>{t("settle")}</Button>}
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
