import { Button, Switch, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { post, type Query } from "@/wire/api";
import { useMay } from "@/wire/session";
import { useWords } from "@/words/i18n";
import { Dialog } from "./Dialog";
import { nameOf } from "./names";
import { FaultNote } from "./States";

interface Props {
  /** The companies themselves, or the filters that find them. */
  accounts?: readonly string[];
  asking?: Query;
  /** The filters can be kept in place of the companies: all of them are of the company itself. */
  living?: boolean;
  /** What was filtered, for the reader of the segment. */
  said?: string;
}

/** Keeps a list of companies as a segment, which every filter then offers. */
export function KeepList({ accounts, asking, living, said }: Props) {
  const { t } = useWords();
  const may = useMay("editor");
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const [title, setTitle] = useState("");
  const [follows, setFollows] = useState(Boolean(living));
  const keep = useMutation({
    mutationFn: () => post("/api/v1/segments/lists", { id: nameOf(title), title, sentence: said ?? "", accounts: accounts ?? [], asking: asking ?? null, living: Boolean(living) && follows }),
    onSuccess: () => Promise.all([queries.invalidateQueries({ queryKey: ["filters"] }), queries.invalidateQueries({ queryKey: ["segments"] })]),
  });
  if (!may) return null;
  const close = () => {
    setOpen(false);
    setTitle("");
    keep.reset();
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t("keep_segment")}</Button>
      {open && (
        <Dialog onClose={close} title={t("keep_segment")}>
          {keep.isSuccess ? (
            <div className="stack">
              <p>{t("kept_segment", { title })}</p>
              <div className="row">
                <Link to="/segments" onClick={close}>{t("room_segments")}</Link>
                <Button onClick={close} data-autofocus>{t("close")}</Button>
              </div>
            </div>
          ) : (
            <form className="stack" onSubmit={(event) => { event.preventDefault(); keep.mutate(); }}>
              <p className="muted">{t("keep_segment_about")}</p>
              {said && <p className="small muted">{said}</p>}
              <TextInput label={t("title")} required value={title} onChange={(event) => setTitle(event.currentTarget.value)} data-autofocus />
              {living && <Switch label={t("follows_rule")} description={t("follows_rule_about")} checked={follows} onChange={(event) => setFollows(event.currentTarget.checked)} />}
              {keep.error && <FaultNote error={keep.error} />}
              <div className="row"><Button type="submit" variant="filled" loading={keep.isPending}>{t("keep_it")}</Button><Button onClick={close}>{t("cancel")}</Button></div>
            </form>
          )}
        </Dialog>
      )}
    </>
  );
}
