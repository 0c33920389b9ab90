import { Button, Modal, Select, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { get, post } from "@/wire/api";
import { useMay } from "@/wire/session";
import { useWords, type Language } from "@/words/i18n";
import { date, moment, parsed } from "@/words/numbers";
import { nameOf } from "./names";
import { Page } from "./Page";
import { Answer, Empty, FaultNote } from "./States";

export interface Listed {
  id: string;
  title: string;
  owner: string;
  review_by: string | null;
  changed_at: string;
  changed_by: string;
}

interface Props {
  title: string;
  about: string;
  many: "personas" | "surveys" | "interviews" | "reviews";
  none: string;
  noneNext: string;
  action?: ReactNode;
  children?: ReactNode;
}

/** A list of documents of one kind, with who looks after them and when they are due. */
export function DocumentList({ title, about, many, none, noneNext, action, children }: Props) {
  const { t, language } = useWords();
  const found = useQuery({ queryKey: [many], queryFn: () => get<Listed[]>(`/api/v1/${many}`), staleTime: 0 });
  return (
    <Page title={title} about={about} actions={action}>
      <Answer of={found}>
        {(rows) =>
          rows.length ? (
            <div className="table-frame" tabIndex={0} role="region" aria-label={title}>
              <table className="rows">
                <thead>
                  <tr>{[t("title"), t("owner"), t("review_by"), t("changed")].map((name) => <th key={name} scope="col">{name}</th>)}</tr>
                </thead>
                <tbody>
                  {rows.map((row) => (
                    <tr key={row.id}>
                      <td className="lead"><Link to={`/${many}/$slug`} params={{ slug: row.id } as never}>{row.title || row.id}</Link></td>
                      <td>{row.owner}</td>
                      <td>{row.review_by ? date(row.review_by, language) : ""}{(parsed(row.review_by)?.getTime() ?? Infinity) < Date.now() && <span className="late"> · {t("overdue")}</span>}</td>
                      <td>{moment(row.changed_at, language)} · {row.changed_by}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          ) : (
            <Empty title={none} action={action}>{noneNext}</Empty>
          )
        }
      </Answer>
      {children}
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
        <Modal opened onClose={() => setOpen(false)} title={label} closeButtonProps={{ "aria-label": t("close") }}>
          <form className="stack" onSubmit={(event) => { event.preventDefault(); make.mutate(); }}>
            <TextInput label={t("title")} required value={title} onChange={(event) => setTitle(event.currentTarget.value)} data-autofocus />
            <Select label={t("template")} data={templates.map((one) => ({ value: one.id, label: one.title[language as Language] ?? one.id }))} value={template} onChange={setTemplate} clearable={many === "personas"} />
            {make.error && <FaultNote error={make.error} />}
            <div className="row"><Button type="submit" variant="filled" loading={make.isPending}>{t("make")}</Button><Button onClick={() => setOpen(false)}>{t("cancel")}</Button></div>
          </form>
        </Modal>
      )}
    </>
  );
}
