import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { Person } from "@/parts/documents/Person";
import { sorted } from "@/parts/documents/things";
import { Section } from "@/parts/Page";
import { useWords } from "@/words/i18n";
import { LineForm } from "./LineForm";
import type { Decision, Review } from "./review";

interface Props {
  review: Review;
  open: boolean;
  onAdd: (decision: Partial<Decision>) => void;
  onChange: (decision: Decision, now: Partial<Decision>) => void;
  onRemove: (decision: Decision) => void;
}

/** What was decided and by whom; it can be reworded and taken back for as long as the review is open. */
export function Decisions({ review, open, onAdd, onChange, onRemove }: Props) {
  const { t } = useWords();
  const [editing, setEditing] = useState("");
  const decisions = sorted(review.decisions as Record<string, Decision & { [more: string]: unknown }> | undefined);
  return (
    <Section title={t("decisions")}>
      <ul className="list">
        {decisions.map((one) =>
          editing === one.id ? (
            <li key={one.id}><Form decision={one} label={t("save")} onKeep={(now) => { onChange(one, now); setEditing(""); }} onLeave={() => setEditing("")} /></li>
          ) : (
            <li key={one.id} className="row">
              <span className="grow">{one.text}</span>
              <span className="muted">{one.by}</span>
              {open && <button type="button" className="link small" onClick={() => setEditing(one.id)}>{t("change")}<span className="hidden"> {one.text}</span></button>}
              {open && <button type="button" className="link small" onClick={() => onRemove(one)}>{t("remove")}<span className="hidden"> {one.text}</span></button>}
            </li>
          ),
        )}
        {!decisions.length && <li className="muted">{t("no_decisions")}</li>}
      </ul>
      {open && <Form decision={{ id: "" }} label={t("add")} onKeep={onAdd} />}
    </Section>
  );
}

function Form({ decision, label, onKeep, onLeave }: { decision: Decision; label: string; onKeep: (now: Partial<Decision>) => void; onLeave?: () => void }) {
  const { t } = useWords();
  const [text, setText] = useState(decision.text ?? "");
  const [by, setBy] = useState(decision.by ?? "");
  return (
    <LineForm text={text} onLeave={onLeave} onKeep={(words) => { onKeep({ text: words, by }); setText(""); }}>
      <TextInput className="grow" label={onLeave ? t("the_decision") : t("new_decision")} value={text} autoFocus={Boolean(onLeave)} onChange={(event) => setText(event.currentTarget.value)} />
      <Person label={t("who")} value={by} onChange={setBy} w={150} />
      <div className="row"><Button type="submit">{label}</Button>{onLeave && <Button onClick={onLeave}>{t("cancel")}</Button>}</div>
    </LineForm>
  );
}
