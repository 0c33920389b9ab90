import { DocumentList, MakeDocument } from "@/parts/Documents";
import { useTemplates } from "@/wire/templates";
import { useWords } from "@/words/i18n";

export default function PersonasRoom() {
  const { t } = useWords();
  const templates = useTemplates();
  return (
    <DocumentList title={t("room_personas")} about={t("personas_about")} many="personas" none={t("no_personas")} noneNext={t("no_personas_next")} action={<MakeDocument many="personas" label={t("new_persona")} templates={templates.data?.personas ?? []} />} />
  );
}
