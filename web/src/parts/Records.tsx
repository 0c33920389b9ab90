import type { UseQueryResult } from "@tanstack/react-query";
import type { Rows } from "@/wire/result";
import { useWords } from "@/words/i18n";
import { number } from "@/words/numbers";
import { columnName } from "@/words/terms";
import { alike } from "./alike";
import { textOf } from "./CellView";
import { RowTable } from "./RowTable";
import { Answer, Empty } from "./States";

/** The records behind a figure or a verdict: how many, of how many companies, what they have in common, and each of them. */
export function Records({ of: found, accounts, title }: { of: UseQueryResult<Rows>; accounts: string[]; title: string }) {
  const { t, language } = useWords();
  return (
    <Answer of={found}>
      {(data) => {
        const { differ, same } = alike(data.columns, data.rows);
        const common = same.map((name) => [columnName(name, language), textOf(data.rows[0]?.[name], name, language, data.rows[0])] as const).filter(([, said]) => said);
        return (
          <>
            <p className="muted">
              {t(data.more ? "records_first_n" : "records_n", { n: data.rows.length, shown: number(data.rows.length, language) })}
              {accounts.length > 0 && ` · ${t("companies_n", { n: accounts.length, shown: number(accounts.length, language) })}`}
            </p>
            {common.length > 0 && <p className="muted small">{t("in_all_rows", { said: common.map(([name, said]) => `${name} ${said}`).join(" · ") })}</p>}
            {data.rows.length ? <RowTable columns={differ} rows={data.rows} caption={t("rows_behind_title", { title })} /> : <Empty title={t("no_rows")} />}
          </>
        );
      }}
    </Answer>
  );
}
