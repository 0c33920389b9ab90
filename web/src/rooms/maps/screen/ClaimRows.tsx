import { useQuery } from "@tanstack/react-query";
import { KeepList } from "@/parts/KeepList";
import { RowTable } from "@/parts/RowTable";
import { Side } from "@/parts/Side";
import { Answer, Empty } from "@/parts/States";
import { get } from "@/wire/api";
import type { Rows } from "@/wire/result";
import { useWords } from "@/words/i18n";
import { number } from "@/words/numbers";
import type { CheckedClaim } from "../model/types";

/** The records that the verdict of a claim rests on, one a journey (or answer) that was counted. */
export function ClaimRows({ slug, claim, title, onClose }: { slug: string; claim: CheckedClaim; title: string; onClose: () => void }) {
  const { t, language } = useWords();
  const path = { slug, card: claim.card };
  const found = useQuery({ queryKey: ["claim-rows", slug, claim.card, claim.claim], queryFn: () => get<Rows>("/api/v1/maps/{slug}/claims/{card}/rows", { path, query: { limit: 5000 } }) });
  const accounts = [...new Set((found.data?.rows ?? []).map((row) => row.account_id).filter((id): id is string => typeof id === "string"))];
  return (
    <Side title={t("rows_behind_title", { title })} about={claim.sentence?.[language] ?? claim.claim} onClose={onClose} actions={accounts.length > 0 && <KeepList accounts={accounts} said={title} />}>
      <Answer of={found}>
        {(data) => (
          <>
            <p className="muted">
              {t(data.more ? "records_first_n" : "records_n", { n: data.rows.length, shown: number(data.rows.length, language) })}
              {accounts.length > 0 && ` · ${t("companies_n", { n: accounts.length, shown: number(accounts.length, language) })}`}
            </p>
            {data.rows.length ? <RowTable columns={data.columns} rows={data.rows} caption={t("rows_behind_title", { title })} /> : <Empty title={t("no_rows")} />}
          </>
        )}
      </Answer>
    </Side>
  );
}
