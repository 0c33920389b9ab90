import { useWords } from "@/words/i18n";
import { FaultNote } from "./States";

interface Props {
  edit: { error: unknown; data?: { conflicts?: { by: string }[] } };
}

/** What came of the last edit, where there is something to say: it was refused, or it was written over somebody else's. */
export function EditNote({ edit }: Props) {
  const { t } = useWords();
  if (edit.error) return <FaultNote error={edit.error} />;
  return edit.data?.conflicts?.length ? <p role="status">{t("wrote_over")}</p> : null;
}
