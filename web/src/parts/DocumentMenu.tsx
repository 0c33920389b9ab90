import { Button, Menu } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { get, post, remove } from "@/wire/api";
import { useMay } from "@/wire/session";
import { useWords } from "@/words/i18n";
import type { Kind } from "./documents/changeWords";
import { EditList, type Log } from "./documents/EditList";
import type { Many } from "./documents/useEdits";
import { Side } from "./Side";
import { Answer, FaultNote } from "./States";

const KIND: Record<Many, Kind> = { personas: "persona", surveys: "survey", interviews: "interview", reviews: "review" };

interface Props {
  many: Many;
  slug: string;
  document: object;
  revision: number;
  /** Called when the document is another one than before. */
  onChanged: () => unknown;
  onDuplicate?: () => void;
}

/** What can be done with a document as a whole: take back, look at its history, bring an earlier state back, duplicate, take off the list. */
export function DocumentMenu({ many, slug, document, revision, onChanged, onDuplicate }: Props) {
  const { t } = useWords();
  const may = useMay("editor");
  const go = useNavigate();
  const queries = useQueryClient();
  const [history, setHistory] = useState(false);
  const undo = useMutation({ mutationFn: (redo: boolean) => post(`/api/v1/${many}/{id}/undo`, { redo }, { path: { id: slug } }), onSuccess: onChanged });
  const drop = useMutation({
    mutationFn: () => remove(`/api/v1/${many}/{id}`, { path: { id: slug } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: [many] });
      await go({ to: `/${many}` });
    },
  });
  return (
    <>
      {may && <Button onClick={() => undo.mutate(false)} loading={undo.isPending}>{t("undo")}</Button>}
      <Menu position="bottom-end">
        <Menu.Target><Button aria-label={t("more")}>⋯</Button></Menu.Target>
        <Menu.Dropdown>
          {may && <Menu.Item onClick={() => undo.mutate(true)}>{t("redo")}</Menu.Item>}
          <Menu.Item onClick={() => setHistory(true)}>{t("history")}</Menu.Item>
          {may && onDuplicate && <Menu.Item onClick={onDuplicate}>{t("duplicate")}</Menu.Item>}
          {may && <Menu.Item color="contradicted" onClick={() => drop.mutate()}>{t("take_off_list")}</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      {(undo.error || drop.error) && <FaultNote error={undo.error ?? drop.error} />}
      {history && <History many={many} slug={slug} document={document} revision={revision} onChanged={onChanged} onClose={() => setHistory(false)} />}
    </>
  );
}

/** Who changed what when, newest first, and the way back to any of these states. */
function History({ many, slug, document, revision, onChanged, onClose }: Omit<Props, "onDuplicate"> & { onClose: () => void }) {
  const { t } = useWords();
  const may = useMay("editor");
  const log = useQuery({ queryKey: [`${KIND[many]}-history`, slug, revision], queryFn: () => get<Log>(`/api/v1/${many}/{id}/history`, { path: { id: slug } }) });
  const restore = useMutation({ mutationFn: (to: number) => post(`/api/v1/${many}/{id}/restore`, { to: String(to) }, { path: { id: slug } }), onSuccess: onChanged });
  return (
    <Side title={t("history")} about={t("history_about")} onClose={onClose}>
      {restore.error && <FaultNote error={restore.error} />}
      <Answer of={log}>
        {(found) => (
          <EditList
            edits={found.edits} document={document} kind={KIND[many]}
            after={(edit) => may && edit.revision !== revision && <button type="button" className="link small" onClick={() => restore.mutate(edit.revision)}>{t("bring_back")}<span className="hidden"> {t("revision_n", { n: edit.revision })}</span></button>}
          />
        )}
      </Answer>
    </Side>
  );
}
