import { Button, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Dialog } from "@/parts/Dialog";
import { DocumentTable, type Listed } from "@/parts/DocumentTable";
import { useKnown } from "@/parts/FilterBar";
import { ListExport } from "@/parts/ListExport";
import { Page, Section } from "@/parts/Page";
import { Answer, Empty, FaultNote } from "@/parts/States";
import { get, post, remove } from "@/wire/api";
import { useMay } from "@/wire/session";
import { useWords } from "@/words/i18n";
import { number } from "@/words/numbers";
import { anyTerm } from "@/words/terms";
import { ruleWords, type Segment } from "./rule";

/** The segments that were kept: how many companies they have, who belongs, and what can be done with them. */
export default function SegmentsRoom() {
  const { t, language } = useWords();
  const may = useMay("editor");
  const queries = useQueryClient();
  const [renaming, setRenaming] = useState<Listed | null>(null);
  const found = useQuery({ queryKey: ["segments"], queryFn: () => get<Listed[]>("/api/v1/segments"), staleTime: 0 });
  const sizes = useQuery({ queryKey: ["segments", "sizes"], queryFn: () => get<Record<string, number>>("/api/v1/segments/sizes"), staleTime: 0, retry: false });
  const known = useKnown();
  const kept = new Set((found.data ?? []).map((row) => row.id));
  const labelled = (Array.isArray(known.data?.segment) ? (known.data.segment as unknown[]) : []).filter((one): one is string => typeof one === "string" && !kept.has(one));
  const again = () => Promise.all([queries.invalidateQueries({ queryKey: ["segments"] }), queries.invalidateQueries({ queryKey: ["filters"] })]);
  const drop = useMutation({ mutationFn: (id: string) => remove("/api/v1/segments/{id}", { path: { id } }), onSuccess: again });
  const columns = [
    { title: t("room_accounts"), number: true, cell: (row: Listed) => (sizes.data?.[row.id] !== undefined ? number(sizes.data[row.id]!, language) : "") },
    { title: t("segment_rule"), cell: (row: Listed) => <Rule id={row.id} /> },
  ];
  const acts = [{ title: t("rename"), run: setRenaming }, { title: t("remove"), run: (row: Listed) => drop.mutate(row.id), removes: true }];
  return (
    <Page title={t("room_segments")} about={t("segments_about")} actions={<><Link to="/accounts">{t("new_from_accounts")}</Link><ListExport many="segments" /></>}>
      {drop.error && <FaultNote error={drop.error} />}
      <Answer of={found}>
        {(rows) =>
          rows.length ? (
            <DocumentTable label={t("room_segments")} rows={rows} to={(row) => ({ to: "/accounts", search: { segment: row.id } })} columns={columns} acts={may ? acts : undefined} />
          ) : (
            <Empty title={t("no_segments")} action={<Link to="/accounts">{t("room_accounts")}</Link>}>{t("no_segments_next")}</Empty>
          )
        }
      </Answer>
      {labelled.length > 0 && (
        <Section title={t("segments_of_rules")} about={t("segments_of_rules_about")} actions={<Link to="/sources" search={{ tab: "rules" } as never}>{t("sources_rules")}</Link>}>
          <ul className="list">
            {labelled.map((name) => <li key={name}><Link to="/accounts" search={{ segment: name } as never}>{anyTerm(name, language)}</Link></li>)}
          </ul>
        </Section>
      )}
      {renaming && <Rename row={renaming} onDone={async () => { await again(); setRenaming(null); }} onClose={() => setRenaming(null)} />}
    </Page>
  );
}

function Rule({ id }: { id: string }) {
  const { t, language } = useWords();
  const found = useQuery({ queryKey: ["segments", id], queryFn: () => get<{ document: Segment }>("/api/v1/segments/{id}", { path: { id } }) });
  const rule = found.data?.document.rule;
  if (!found.data) return null;
  return (
    <>
      {rule && Object.keys(rule).length ? ruleWords(rule, t, language) : t("segment_no_rule")}
      {found.data.document.sentence && <span className="small muted"> {found.data.document.sentence}</span>}
    </>
  );
}

function Rename({ row, onDone, onClose }: { row: Listed; onDone: () => Promise<void>; onClose: () => void }) {
  const { t } = useWords();
  const [title, setTitle] = useState(row.title);
  const edit = useMutation({ mutationFn: () => post("/api/v1/segments/{id}/edits", { changes: [{ do: "set", collection: "", id: "", path: ["title"], value: title }] }, { path: { id: row.id } }), onSuccess: onDone });
  return (
    <Dialog onClose={onClose} title={t("rename")}>
      <form className="stack" onSubmit={(event) => { event.preventDefault(); edit.mutate(); }}>
        <TextInput label={t("title")} required value={title} onChange={(event) => setTitle(event.currentTarget.value)} data-autofocus />
        {edit.error && <FaultNote error={edit.error} />}
        <div className="row"><Button type="submit" variant="filled" loading={edit.isPending}>{t("save")}</Button><Button onClick={onClose}>{t("cancel")}</Button></div>
      </form>
    </Dialog>
  );
}
