import { Button, Modal, Textarea, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Section } from "@/parts/Page";
import { RowTable } from "@/parts/RowTable";
import { FaultNote, Waiting } from "@/parts/States";
import { post } from "@/wire/api";
import type { Job } from "@/wire/jobs";
import type { Row } from "@/wire/result";
import { useWords } from "@/words/i18n";

interface Suggested {
  mapping: string;
  rows: Row[];
  becomes: { table: string; columns: string[]; rows: Row[] }[];
  broken: { line: number | null; reason: string }[];
  tried: { read: number; new: number; quarantined: number };
}

/** An unknown table: which column is what, guessed, to be corrected, with what would come of it. */
export function Assistant({ upload, onClose, onImport }: { upload: { id: string; file: string }; onClose: () => void; onImport: (job: Job) => void }) {
  const { t } = useWords();
  const [text, setText] = useState<string | null>(null);
  const [name, setName] = useState(upload.file.replace(/\.\w+$/, "").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, ""));
  const suggest = useMutation({
    mutationFn: (mapping: string) => post<Suggested>("/api/v1/sources/suggest", { upload: upload.id, mapping }),
    onSuccess: (found) => setText((before) => before ?? found.mapping),
  });
  const { mutate } = suggest;
  useEffect(() => mutate(""), [mutate]);
  const take = useMutation({
    mutationFn: () => post<{ job: Job | null }>("/api/v1/sources/mappings", { name, mapping: text, upload: upload.id }),
    onSuccess: (made) => made.job && onImport(made.job),
  });
  const found = suggest.data;
  return (
    <Modal opened onClose={onClose} title={t("mapping_title", { name: upload.file })} size="90%" closeButtonProps={{ "aria-label": t("close") }}>
      <div className="stack">
        <p className="muted">{t("mapping_about")}</p>
        {found && found.rows.length > 0 && (
          <Section title={t("the_table")}>
            <RowTable rows={found.rows.slice(0, 5)} caption={t("the_table")} />
          </Section>
        )}
        {text === null ? (
          suggest.error ? <FaultNote error={suggest.error} again={() => suggest.mutate("")} /> : <Waiting />
        ) : (
          <>
            <TextInput label={t("mapping_name")} value={name} onChange={(event) => setName(event.currentTarget.value)} maw={320} />
            <Textarea className="code" label={t("mapping_text")} value={text} onChange={(event) => setText(event.currentTarget.value)} autosize minRows={8} maxRows={22} />
            <div className="row">
              <Button onClick={() => suggest.mutate(text)} loading={suggest.isPending}>{t("preview")}</Button>
              <Button variant="filled" onClick={() => take.mutate()} loading={take.isPending}>{t("import_so")}</Button>
            </div>
            {suggest.error && <FaultNote error={suggest.error} />}
            {take.error && <FaultNote error={take.error} />}
            {found && (
              <p className="muted">
                {t("tried", { read: found.tried.read, fresh: found.tried.new, broken: found.tried.quarantined })}
                {found.broken.slice(0, 3).map((one) => ` · ${one.reason}`)}
              </p>
            )}
            {found?.becomes.map((one) => (
              <Section key={one.table} title={t("becomes", { table: one.table })}>
                <RowTable columns={one.columns} rows={one.rows.slice(0, 5)} caption={one.table} />
              </Section>
            ))}
          </>
        )}
      </div>
    </Modal>
  );
}
