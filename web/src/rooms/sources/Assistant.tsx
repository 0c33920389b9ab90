import { Button, Modal, Textarea, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Section } from "@/parts/Page";
import { RowTable } from "@/parts/RowTable";
import { FaultNote, Waiting } from "@/parts/States";
import { post, upload } from "@/wire/api";
import type { Job } from "@/wire/jobs";
import type { Row } from "@/wire/result";
import { useWords } from "@/words/i18n";

interface Suggested {
  mapping: string;
  sample?: Row[];
  preview?: Record<string, Row[]> | { table: string; rows: Row[] }[];
  faults?: { what: string; where?: string; do_next?: string }[];
}

/** An unknown table: which column is what, guessed, to be corrected, with what would come of it. */
export function Assistant({ file, onClose, onImport }: { file: File; onClose: () => void; onImport: (job: Job) => void }) {
  const { t } = useWords();
  const [text, setText] = useState<string | null>(null);
  const [name, setName] = useState(file.name.replace(/\.\w+$/, "").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, ""));
  const suggest = useMutation({
    mutationFn: (mapping: string | null) => {
      const form = new FormData();
      form.append("file", file);
      if (mapping !== null) form.append("mapping", mapping);
      return upload<Suggested>("/api/v1/sources/suggest", form);
    },
    onSuccess: (found) => setText((before) => before ?? found.mapping),
  });
  const { mutate } = suggest;
  useEffect(() => mutate(null), [mutate]);
  const take = useMutation({
    mutationFn: async () => {
      await post("/api/v1/sources/mappings", { name, text });
      const form = new FormData();
      form.append("files", file);
      return upload<Job>("/api/v1/sources/files", form);
    },
    onSuccess: onImport,
  });
  const preview = suggest.data?.preview;
  const tables: [string, Row[]][] = Array.isArray(preview) ? preview.map((one) => [one.table, one.rows]) : Object.entries(preview ?? {});
  return (
    <Modal opened onClose={onClose} title={t("mapping_title", { name: file.name })} size="90%" closeButtonProps={{ "aria-label": t("close") }}>
      <div className="stack">
        <p className="muted">{t("mapping_about")}</p>
        {suggest.data?.sample && suggest.data.sample.length > 0 && (
          <Section title={t("the_table")}>
            <RowTable rows={suggest.data.sample.slice(0, 5)} caption={t("the_table")} />
          </Section>
        )}
        {text === null ? (
          suggest.error ? <FaultNote error={suggest.error} again={() => suggest.mutate(null)} /> : <Waiting />
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
            {tables.map(([table, rows]) => (
              <Section key={table} title={t("becomes", { table })}>
                <RowTable rows={rows.slice(0, 5)} caption={table} />
              </Section>
            ))}
          </>
        )}
      </div>
    </Modal>
  );
}
