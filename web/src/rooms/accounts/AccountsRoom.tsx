import { Button, TextInput } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ExportMenu } from "@/parts/ExportMenu";
import { KeepList } from "@/parts/KeepList";
import { asQuery, useFilters, useOwn, type FilterName } from "@/parts/filters";
import { OutcomeMark } from "@/parts/Outcome";
import { Page } from "@/parts/Page";
import { Answer, Empty } from "@/parts/States";
import { useTyped } from "@/parts/typed";
import { address, get } from "@/wire/api";
import { useWords } from "@/words/i18n";
import { date, money, number } from "@/words/numbers";
import { anyTerm, columnName, term } from "@/words/terms";
import type { TextKey } from "@/words/texts";
import "./accounts.css";

interface Company {
  account_id: string;
  name: string | null;
  domain: string | null;
  city?: string | null;
  industry?: string | null;
  tier?: string | null;
  owner?: string | null;
  persons?: number | null;
  journeys: number;
  last_step_at?: string | null;
  won_value?: number | null;
  deal_value?: number | null;
  currency?: string | null;
  outcome?: string | null;
  stage?: string | null;
  kind?: string | null;
}

interface Companies {
  total: number;
  page: number;
  size: number;
  rows: Company[];
}

const FILTERS: readonly FilterName[] = ["kind", "outcome", "segment", "tier", "industry", "country", "owner"];
const LIVING = new Set<FilterName>(["tier", "industry", "country"]);
const SORTS: readonly [string, string, boolean][] = [["name", "name", false], ["", "stage", false], ["", "tier", false], ["", "industry", false], ["persons", "persons", true], ["journeys", "journeys", true], ["won_value", "won_value", true], ["deal_value", "deal_value", true], ["last_step_at", "last_step_at", true]];

export default function AccountsRoom() {
  const { t, language } = useWords();
  const { filters } = useFilters();
  const [search, typed, setTyped] = useTyped();
  const [page, setPage] = useOwn("page", "1");
  const [sort, setSort] = useOwn("sort", "last_step_at");
  const [quiet, setQuiet] = useOwn("quiet");
  const asking = { ...asQuery(filters, FILTERS), search, quiet: quiet || undefined };
  const query = { ...asking, sort, down: sort !== "name", page, size: 50 };
  const living = !search && !quiet && FILTERS.some((name) => filters[name] && LIVING.has(name)) && FILTERS.every((name) => !filters[name] || LIVING.has(name));
  const asked = [
    ...FILTERS.filter((name) => filters[name]).map((name) => `${t(`filter_${name}` as TextKey)}: ${filters[name]!.split("~").map((value) => anyTerm(value, language)).join(", ")}`),
    ...(quiet ? [t("quiet_for", { n: Number(quiet) })] : []),
    ...(search ? [search] : []),
  ].join(" · ");
  const found = useQuery({ queryKey: ["accounts", query], queryFn: () => get<Companies>("/api/v1/accounts", { query }), placeholderData: keepPreviousData });
  return (
    <Page
      title={t("room_accounts")}
      about={t("accounts_about")}
      filters={FILTERS}
      actions={
        <>
          <KeepList asking={asking} living={living} said={asked} />
          <ExportMenu formats={["csv", "xlsx"]} address={(format) => address("/api/v1/accounts.{format}", { path: { format }, query: { ...asking, sort, down: sort !== "name", language } })} />
        </>
      }
    >
      <TextInput aria-label={t("search_company")} placeholder={t("search_company")} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} maw={360} />
      {quiet && <div className="filters"><button type="button" className="filter filter-set" onClick={() => setQuiet(undefined)}>{t("quiet_for", { n: Number(quiet) })} ✕</button></div>}
      <Answer of={found}>
        {(data) =>
          data.rows.length ? (
            <>
              <p className="muted">{t("companies_n", { n: data.total, shown: number(data.total, language) })}</p>
              <div className="table-frame" tabIndex={0} role="region" aria-label={t("room_accounts")}>
                <table className="rows">
                  <thead>
                    <tr>
                      {SORTS.map(([key, column, numeric]) => (
                        <th key={column} scope="col" className={numeric ? "number" : ""} aria-sort={key && sort === key ? (key === "name" ? "ascending" : "descending") : undefined}>
                          {key ? <button type="button" className="plain" onClick={() => setSort(key)}>{columnName(column, language)}{sort === key ? (key === "name" ? " ↑" : " ↓") : ""}</button> : columnName(column, language)}
                        </th>
                      ))}
                    </tr>
                  </thead>
                  <tbody>
                    {data.rows.map((row) => (
                      <tr key={row.account_id}>
                        <td className="lead">
                          <Link to="/accounts/$id" params={{ id: row.account_id }}>{row.name || row.domain || row.account_id}</Link>
                          <span className="muted small"> {row.city}</span>
                        </td>
                        <td>{row.outcome && <OutcomeMark outcome={row.outcome} />} <span className="muted">{row.stage ? term("stage", row.stage, language) : ""}</span></td>
                        <td>{row.tier}</td>
                        <td>{row.industry}</td>
                        <td className="number">{number(row.persons ?? 0, language)}</td>
                        <td className="number">{number(row.journeys, language)}</td>
                        <td className="number">{row.won_value ? money(row.won_value, row.currency ?? "EUR", language) : ""}</td>
                        <td className="number">{row.deal_value ? money(row.deal_value, row.currency ?? "EUR", language) : ""}</td>
                        <td className="number">{date(row.last_step_at, language)}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
              {data.total > data.size && (
                <div className="row">
                  <Button disabled={data.page <= 1} onClick={() => setPage(String(data.page - 1))}>{t("previous")}</Button>
                  <span className="muted">{t("page_of", { page: data.page, pages: Math.ceil(data.total / data.size) })}</span>
                  <Button disabled={data.page * data.size >= data.total} onClick={() => setPage(String(data.page + 1))}>{t("next")}</Button>
                </div>
              )}
            </>
          ) : (
            <Empty title={t("no_accounts")}>{t("no_rows_next")}</Empty>
          )
        }
      </Answer>
    </Page>
  );
}
