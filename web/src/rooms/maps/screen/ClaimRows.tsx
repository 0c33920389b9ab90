import { useQuery } from "@tanstack/react-query";
import { ExportMenu } from "@/parts/ExportMenu";
import { KeepList } from "@/parts/KeepList";
import { Records } from "@/parts/Records";
import { Side } from "@/parts/Side";
import { address, get } from "@/wire/api";
import type { Rows } from "@/wire/result";
import { useWords } from "@/words/i18n";
import type { CheckedClaim } from "../model/types";

/** The records that the verdict of a claim rests on, one a journey (or answer) that was counted. */
export function ClaimRows({ slug, claim, title, onClose }: { slug: string; claim: CheckedClaim; title: string; onClose: () => void }) {
  const { t, language } = useWords();
  const path = { slug, card: claim.card };
  const found = useQuery({ queryKey: ["claim-rows", slug, claim.card, claim.claim], queryFn: () => get<Rows>("/api/v1/maps/{slug}/claims/{card}/rows", { path, query: { limit: 5000 } }) });
  const accounts = [...new Set((found.data?.rows ?? []).map((row) => row.account_id).filter((id): id is string => typeof id === "string"))];
  return (
    <Side title={t("rows_behind_title", { title })} about={claim.sentence?.[language] ?? claim.claim} onClose={onClose} actions={
        <>
          {accounts.length > 0 && <KeepList accounts={accounts} said={title} />}
          <ExportMenu formats={["csv", "xlsx"]} address={(format) => address("/api/v1/maps/{slug}/claims/{card}/export", { path, query: { format, language } })} />
        </>
      }
    >
      <Records of={found} accounts={accounts} title={title} />
    </Side>
  );
}
