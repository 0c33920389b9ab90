import { Button, Checkbox, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { Person } from "@/parts/documents/Person";
import { sorted } from "@/parts/documents/things";
import { Section } from "@/parts/Page";
import { useWords } from "@/words/i18n";
import { date, parsed } from "@/words/numbers";
import { CardLink } from "./Claims";
import { type Review, type Task } from "./review";
import { LineForm } from "./LineForm";
import { cardWords, type ReviewWords } from "./Since";

export interface Writes {
  /** The review is open and one may write: everything can be changed. */
  all: boolean;
  /** One may write: tasks go on after the review was closed. */
  goingOn: boolean;
}

interface Props {
  review: Review;
  words?: ReviewWords;
  may: Writes;
  /** A task that was begun elsewhere, by the card it is about. */
  begun: string | null;
  onBegun: (card: string | null) => void;
  onAdd: (task: Partial<Task>) => void;
  onChange: (task: Task, now: Partial<Task>) => void;
  onRemove: (task: Task) => void;
}

/** What somebody will do until when: ticked off, put off and handed on also after the review was closed. */
export function Tasks({ review, words, may, begun, onBegun, onAdd, onChange, onRemove }: Props) {
  const { t } = useWords();
  const [open, setOpen] = useState("");
  const tasks = sorted(review.tasks as Record<string, Task & { [more: string]: unknown }> | undefined);
  const left = tasks.filter((one) => !one.done).length;
  return (
    <Section title={t("tasks")} about={tasks.length ? t("tasks_left", { n: left, of: tasks.length }) : undefined}>
      <ul className="list">
        {tasks.map((task) =>
          open === task.id ? (
            <li key={task.id}><Form task={task} review={review} words={words} all={may.all} label={t("save")} onKeep={(now) => { onChange(task, now); setOpen(""); }} onLeave={() => setOpen("")} /></li>
          ) : (
            <li key={task.id}><Row task={task} review={review} words={words} may={may} onChange={onChange} onOpen={() => setOpen(task.id)} onRemove={onRemove} /></li>
          ),
        )}
        {!tasks.length && <li className="muted">{t("no_tasks")}</li>}
      </ul>
      {may.all && <Form key={begun ?? ""} task={{ id: "", card: begun ?? "" }} review={review} words={words} all label={t("add")} focus={begun !== null} onKeep={(now) => { onAdd(now); onBegun(null); }} />}
    </Section>
  );
}

function Row({ task, review, words, may, onChange, onOpen, onRemove }: { task: Task; review: Review; words?: ReviewWords; may: Writes; onChange: Props["onChange"]; onOpen: () => void; onRemove: Props["onRemove"] }) {
  const { t, language } = useWords();
  const late = !task.done && (parsed(task.due)?.getTime() ?? Infinity) < Date.now() - 86_400_000;
  return (
    <div className="row">
      <Checkbox className="grow" label={<span className={task.done ? "muted task-done" : ""}>{task.text}</span>} checked={Boolean(task.done)} readOnly={!may.goingOn} disabled={!may.goingOn} onChange={(event) => onChange(task, { done: event.currentTarget.checked })} />
      {task.card && <span className="small"><CardLink map={review.of} card={task.card} words={words} /></span>}
      <span className={late ? "late" : "muted"}>{[task.owner, task.due && date(task.due, language), late && t("overdue")].filter(Boolean).join(" · ")}</span>
      {may.goingOn && <button type="button" className="link small" onClick={onOpen}>{t("change")}<span className="hidden"> {task.text}</span></button>}
      {may.all && <button type="button" className="link small" onClick={() => onRemove(task)}>{t("remove")}<span className="hidden"> {task.text}</span></button>}
    </div>
  );
}

function Form({ task, review, words, all, label, focus, onKeep, onLeave }: { task: Task; review: Review; words?: ReviewWords; all: boolean; label: string; focus?: boolean; onKeep: (now: Partial<Task>) => void; onLeave?: () => void }) {
  const { t, language } = useWords();
  const [text, setText] = useState(task.text ?? "");
  const [owner, setOwner] = useState(task.owner ?? "");
  const [due, setDue] = useState(task.due ?? "");
  const [card, setCard] = useState(task.card ?? "");
  const cards = [...new Set(Object.values(review.claims ?? {}).flatMap((one) => (one.card ? [one.card] : [])))];
  return (
    <LineForm
      text={text} onLeave={onLeave}
      onKeep={(words) => {
        onKeep(all ? { text: words, owner, due, card } : { owner, due });
        if (!onLeave) { setText(""); setCard(""); }
      }}
    >
      <TextInput className="grow" label={onLeave ? t("task") : t("new_task")} value={text} readOnly={!all} autoFocus={focus || (Boolean(onLeave) && all)} onChange={(event) => setText(event.currentTarget.value)} />
      {all && cards.length > 0 && <Select w={220} label={t("about_card")} searchable clearable data={[...new Set([...cards, ...(card ? [card] : [])])].map((value) => ({ value, label: cardWords(words, value, language) }))} value={card || null} onChange={(value) => setCard(value ?? "")} />}
      <Person label={t("who")} value={owner} onChange={setOwner} w={150} />
      <TextInput type="date" label={t("due")} value={due} onChange={(event) => setDue(event.currentTarget.value)} />
      <div className="row"><Button type="submit">{label}</Button>{onLeave && <Button onClick={onLeave}>{t("cancel")}</Button>}</div>
    </LineForm>
  );
}
