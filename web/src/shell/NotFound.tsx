import { Link } from "@tanstack/react-router";
import { Page } from "@/parts/Page";
import { Empty } from "@/parts/States";
import { useWords } from "@/words/i18n";

export function NotFound() {
  const { t } = useWords();
  return (
    <Page title={t("not_found")}>
      <Empty title={t("not_found_next")} action={<Link to="/overview">{t("room_overview")}</Link>} />
    </Page>
  );
}
