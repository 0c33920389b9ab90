import { RowsPanel } from "@/parts/RowsPanel";
import { address, get } from "@/wire/api";
import type { Rows } from "@/wire/result";
import { useWords } from "@/words/i18n";

/** The steps behind the agreement of map and evidence: what the map does not speak of stands first. */
export function AgreementRows({ slug, onClose }: { slug: string; onClose: () => void }) {
  const { t, language } = useWords();
  const path = { slug };
  return (
    <RowsPanel
      title={t("agreement")} about={t("agreement_about")} id={["agreement", slug]} onClose={onClose}
      load={() => get<Rows>("/api/v1/maps/{slug}/agreement/rows", { path, query: { limit: 5000 } })}
      exported={(format) => address("/api/v1/maps/{slug}/agreement/export", { path, query: { format, language } })}
    />
  );
}
