import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Dialog } from "@/parts/Dialog";
import { nameOf } from "@/parts/names";
import { FaultNote } from "@/parts/States";
import { post } from "@/wire/api";
import { useWords } from "@/words/i18n";

/** Makes a persona like another one, under a title of its own. */
export function Duplicate({ of, title: before, onClose }: { of: string; title: string; onClose: () => void }) {
  const { t } = useWords();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [title, setTitle] = useState(t("copy_of", { name: before }));
  const make = useMutation({
    mutationFn: () => post<{ id: string }>("/api/v1/personas", { id: nameOf(title), title, copy_of: of }),
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: ["personas"] });
      onClose();
      void navigate({ to: "/personas/$slug", params: { slug: made.id } });
    },
  });
  return (
    <Dialog onClose={onClose} title={t("duplicate")}>
      <form className="stack" onSubmit={(event) => { event.preventDefault(); make.mutate(); }}>
        <TextInput label={t("title")} required value={title} onChange={(event) => setTitle(event.currentTarget.value)} data-autofocus />
        {make.error && <FaultNote error={make.error} />}
        <div className="row"><Button type="submit" variant="filled" loading={make.isPending}>{t("duplicate")}</Button><Button onClick={onClose}>{t("cancel")}</Button></div>
      </form>
    </Dialog>
  );
}
