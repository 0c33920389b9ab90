import { Button, Checkbox, MultiSelect, Radio, Select, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Dialog } from "@/parts/Dialog";
import { nameOf } from "@/parts/names";
import { FaultNote } from "@/parts/States";
import { useTemplates } from "@/wire/templates";
import { get, post } from "@/wire/api";
import { useWords, type Language } from "@/words/i18n";
import type { MapAnswer } from "../model/types";

/** A new map: from a template, empty or with examples, or drafted from the evidence. */
export function NewMap({ onClose }: { onClose: () => void }) {
  const { t, language } = useWords();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const templates = useTemplates();
  const personas = useQuery({ queryKey: ["personas"], queryFn: () => get<{ id: string; title: string }[]>("/api/v1/personas"), retry: false });
  const [title, setTitle] = useState("");
  const [template, setTemplate] = useState("seven-phases");
  const [fill, setFill] = useState<"draft" | "examples" | "empty">("draft");
  const [also, setAlso] = useState(true);
  const [whose, setWhose] = useState<string[]>([]);
  const make = useMutation({
    mutationFn: async () => {
      const id = nameOf(title);
      const other: Language = language === "de" ? "en" : "de";
      const made = await post<MapAnswer>("/api/v1/maps", { id, title, template, language, languages: also ? [other] : [], personas: whose, examples: fill === "examples" });
      if (fill === "draft") await post("/api/v1/maps/{slug}/draft", {}, { path: { slug: id } });
      return made.document.id ?? id;
    },
    onSuccess: async (slug) => {
      await queries.invalidateQueries({ queryKey: ["maps"] });
      void navigate({ to: "/maps/$slug", params: { slug }, search: (before: Record<string, unknown>) => ({ ...before, view: fill === "empty" ? undefined : "evidence" }) } as never);
    },
  });
  const chosen = templates.data?.maps.find((one) => one.id === template);
  return (
    <Dialog onClose={onClose} title={t("new_map")} size="lg">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <TextInput label={t("title")} required data-autofocus value={title} onChange={(event) => setTitle(event.currentTarget.value)} placeholder={t("new_map_example")} />
        <Select label={t("template")} data={(templates.data?.maps ?? []).map((one) => ({ value: one.id, label: one.title[language] ?? one.id }))} value={template} onChange={(value) => value && setTemplate(value)} />
        {chosen && <p className="muted small">{chosen.stages.map((stage) => stage.title[language]).join(" → ")}</p>}
        {(personas.data?.length ?? 0) > 0 && <MultiSelect label={t("personas")} description={t("personas_none_all")} data={personas.data!.map((one) => ({ value: one.id, label: one.title || one.id }))} value={whose} onChange={setWhose} />}
        <Radio.Group label={t("fill_how")} value={fill} onChange={(value) => setFill(value as typeof fill)}>
          <div className="stack" style={{ gap: 6, marginTop: 6 }}>
            <Radio value="draft" label={t("fill_draft")} />
            <Radio value="examples" label={t("fill_examples")} />
            <Radio value="empty" label={t("fill_empty")} />
          </div>
        </Radio.Group>
        <Checkbox label={t("in_both_languages")} checked={also} onChange={(event) => setAlso(event.currentTarget.checked)} />
        {make.error && <FaultNote error={make.error} />}
        <div className="row">
          <Button type="submit" variant="filled" loading={make.isPending}>{t("make_map")}</Button>
          <Button onClick={onClose}>{t("cancel")}</Button>
        </div>
      </form>
    </Dialog>
  );
}
