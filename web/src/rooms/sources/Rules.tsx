import { Button, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useOwn } from "@/parts/filters";
import { JobNote } from "@/parts/JobNote";
import { RowTable } from "@/parts/RowTable";
import { Answer, FaultNote } from "@/parts/States";
import { Tabs } from "@/parts/Tabs";
import { get, post, put } from "@/wire/api";
import { useJob, type Job } from "@/wire/jobs";
import type { Row } from "@/wire/result";
import { useMay } from "@/wire/session";
import { useWords } from "@/words/i18n";
import { ruleName } from "@/words/terms";

type Listed = { name: string }[];

interface Impact {
  words: string;
  moves?: Row[];
}

/** The rules in text, with what a change would move before it is saved. */
export function Rules() {
  const { t, language } = useWords();
  const list = useQuery({ queryKey: ["rules"], queryFn: () => get<Listed>("/api/v1/rules") });
  const [open, setOpen] = useOwn("rule");
  return (
    <Answer of={list}>
      {(found) => {
        const names = found.map((one) => one.name);
        const name = names.includes(open) ? open : (names.find((one) => one.startsWith("stages")) ?? names[0]);
        if (!name) return null;
        return (
          <>
            <Tabs label={t("sources_rules")} tabs={names.map((id) => ({ id, title: ruleName(id, language) }))} open={name} onOpen={setOpen} />
            <Editor key={name} name={name} />
          </>
        );
      }}
    </Answer>
  );
}

function Editor({ name }: { name: string }) {
  const { t } = useWords();
  const may = useMay("editor");
  const queries = useQueryClient();
  const [text, setText] = useState<string | null>(null);
  const rule = useQuery({ queryKey: ["rule", name], queryFn: () => get<{ text: string; tag: string }>("/api/v1/rules/{name}", { path: { name } }) });
  const preview = useMutation({ mutationFn: () => post<Job>("/api/v1/rules/preview", { name, text }) });
  const job = useJob(preview.data?.id ?? null);
  const impact = job.data?.state === "done" ? (job.data.result as Impact) : null;
  const save = useMutation({
    mutationFn: () => put("/api/v1/rules/{name}", { text, tag: rule.data?.tag ?? "" }, { path: { name } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["rule", name] }),
  });
  return (
    <Answer of={rule}>
      {(data) => (
        <div className="stack">
          <p className="muted">{t("rules_about")}</p>
          <Textarea className="code" aria-label={name} value={text ?? data.text} readOnly={!may} onChange={(event) => setText(event.currentTarget.value)} autosize minRows={16} maxRows={36} />
          {may && (
            <div className="row">
              <Button onClick={() => preview.mutate()} disabled={text === null} loading={preview.isPending}>{t("what_would_move")}</Button>
              <Button variant="filled" onClick={() => save.mutate()} disabled={text === null} loading={save.isPending}>{t("save")}</Button>
              {save.isSuccess && <span role="status">{t("saved_next_build")}</span>}
            </div>
          )}
          {(preview.error || save.error) && <FaultNote error={preview.error ?? save.error} />}
          {job.data && job.data.state !== "done" && <JobNote job={job.data} />}
          {impact && (
            <>
              <p className="lead-line">{impact.words}</p>
              {impact.moves && impact.moves.length > 0 && <RowTable rows={impact.moves} caption={t("what_would_move")} />}
            </>
          )}
        </div>
      )}
    </Answer>
  );
}
