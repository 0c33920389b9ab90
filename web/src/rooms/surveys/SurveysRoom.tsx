import { DocumentList, MakeDocument } from "@/parts/Documents";
import { Satisfaction } from "@/parts/Satisfaction";
import { useTemplates } from "@/wire/templates";
import { useWords } from "@/words/i18n";

export default function SurveysRoom() {
  const { t } = useWords();
  const templates = useTemplates();
  return (
    <DocumentList title={t("room_surveys")} about={t("surveys_about")} many="surveys" none={t("no_surveys")} noneNext={t("no_surveys_next")} action={<MakeDocument many="surveys" label={t("new_survey")} templates={templates.data?.surveys ?? []} extra={{ access: "public" }} />}>
      <Satisfaction />
    </DocumentList>
  );
}
