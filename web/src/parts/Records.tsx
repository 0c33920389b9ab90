import type { UseQueryResult } from "@tanstack/react-query";
import type { Rows } from "@/wire/result";
import { useWords } from "@/words/i18n";
import { number } from "@/words/numbers";
import { RowTable } from "./RowTable";
import { Answer, Empty } from "./States";

/** The records behind a figure or a verdict: how many, of how many companies, and each of them. */
export function Records({ of: found, accounts, title }: { of: UseQueryResult<Rows>; accounts: string[]; title: string }) {
  const { t, language } = useWords();
  return (
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
  );
}
