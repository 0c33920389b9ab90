import { Button, Select, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { get, post } from "@/wire/api";
import { useMay } from "@/wire/session";
import { useWords, type Language } from "@/words/i18n";
import { Dialog } from "./Dialog";
import { DocumentTable, type Column, type Listed } from "./DocumentTable";
import { ListExport } from "./ListExport";
import { nameOf } from "./names";
import { Page } from "./Page";
import { Removed } from "./Removed";
import { Answer, Empty, FaultNote } from "./States";

interface Props {
  title: string;
  about: string;
  many: "personas" | "surveys" | "interviews" | "reviews";
  none: string;
  noneNext: string;
  action?: ReactNode;
  /** What the list tells of each besides; without any, when it is due for review. */
  columns?: readonly Column[];
  children?: ReactNode;
}

/** A list of documents of one kind, with who looks after them and when they are due. */
export function DocumentList({ title, about, many, none, noneNext, action, columns, children }: Props) {
  const found = useQuery({ queryKey: [many], queryFn: () => get<Listed[]>(`/api/v1/${many}`), staleTime: 0 });
  return (
    <Page title={title} about={about} actions={<>{action}<ListExport many={many} /></>}>
      <Answer of={found}>
        {(rows) =>
          rows.length ? (
            <DocumentTable label={title} rows={rows} columns={columns} to={(row) => ({ to: `/${many}/$slug`, params: { slug: row.id } })} />
          ) : (
            <Empty title={none} action={action}>{noneNext}</Empty>
          )
        }
      </Answer>
      {children}
      <Removed many={many} />
    </Page>
  );
}

/** Makes a document from a template. */
export function MakeDocument({ many, label, templates, extra }: { many: "personas" | "surveys"; label: string; templates: { id: string; title: Record<string, string> }[]; extra?: Record<string, unknown> }) {
  const { t, language } = useWords();
  const may = useMay("editor");
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const [title, setTitle] = useState("");
  const [template, setTemplate] = useState<string | null>(null);
  const make = useMutation({
    mutationFn: () => post(`/api/v1/${many}`, { id: nameOf(title), title, template: template ?? "", language, ...extra }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: [many] });
      setOpen(false);
      setTitle("");
    },
  });
  if (!may) return null;
  return (
    <>
      <Button variant="filled" onClick={() => setOpen(true)}>{label}</Button>
      {open && (
        <Dialog onClose={() => setOpen(false)} title={label}>
          <form className="stack" onSubmit={(event) => { event.preventDefault(); make.mutate(); }}>
            <TextInput label={t("title")} required value={title} onChange={(event) => setTitle(event.currentTarget.value)} data-autofocus />
            <Select label={t("template")} data={templates.map((one) => ({ value: one.id, label: one.title[language as Language] ?? one.id }))} value={template} onChange={setTemplate} clearable={many === "personas"} />
            {make.error && <FaultNote error={make.error} />}
            <div className="row"><Button type="submit" variant="filled" loading={make.isPending}>{t("make")}</Button><Button onClick={() => setOpen(false)}>{t("cancel")}</Button></div>
          </form>
        </Dialog>
      )}
    </>
  );
}
