import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Mentioned } from "@/parts/MentionText";
import { Section } from "@/parts/Page";
import { Answer } from "@/parts/States";
import { get } from "@/wire/api";
import { useWords } from "@/words/i18n";
import { days, money, moment, parsed } from "@/words/numbers";

export interface Mention {
  kind: string;
  id: string;
  title: string;
  on: string;
  comment: string;
  text: string;
  author: string;
  at: string | null;
}

/** Comments that name the one who reads this. */
export function Mentions({ mentions }: { mentions: Mention[] }) {
  const { t, language } = useWords();
  if (!mentions.length) return null;
  return (
    <Section title={t("mentions")} about={t("mentions_about")}>
      <ul className="list">
        {mentions.slice(0, 6).map((one) => (
          <li key={one.comment}>
            {one.kind === "map" ? (
              <Link to="/maps/$slug" params={{ slug: one.id }} search={{ card: one.on || undefined, tab: "discussion" } as never}><Mentioned text={one.text} /></Link>
            ) : (
              <Mentioned text={one.text} />
            )}
            <p className="small muted">{[one.author, one.title, one.at && moment(one.at, language)].filter(Boolean).join(" · ")}</p>
          </li>
        ))}
      </ul>
    </Section>
  );
}

interface Quiet {
  total: number;
  rows: { account_id: string; name: string | null; domain: string | null; owner?: string | null; won_value?: number | null; currency?: string | null; last_step_at?: string | null }[];
}

/** Customers of whom nothing was heard for long, the most valuable first. */
export function QuietCustomers({ days: least, asOf }: { days: number; asOf: string }) {
  const { t, language } = useWords();
  const query = { quiet: least, sort: "won_value", size: 5 };
  const found = useQuery({ queryKey: ["accounts", query], queryFn: () => get<Quiet>("/api/v1/accounts", { query }) });
  const now = parsed(asOf)?.getTime() ?? 0;
  const silent = (at: string | null | undefined) => Math.floor((now - (parsed(at)?.getTime() ?? now)) / 86_400_000);
  return (
    <Section title={t("quiet_customers")} about={t("quiet_customers_about", { n: least })} actions={<Link to="/accounts" search={{ quiet: String(least), sort: "won_value" } as never}>{t("all_n", { n: found.data?.total ?? 0 })}</Link>}>
      <Answer of={found}>
        {(data) =>
          data.rows.length ? (
            <ul className="list">
              {data.rows.map((row) => (
                <li key={row.account_id} className="row">
                  <span className="grow">
                    <Link to="/accounts/$id" params={{ id: row.account_id }}>{row.name || row.domain || row.account_id}</Link> <span className="muted">{row.owner}</span>
                  </span>
                  {row.won_value ? <span>{money(row.won_value, row.currency ?? "EUR", language)}</span> : null}
                  <span className="muted">{t("silent_for", { days: days(silent(row.last_step_at), language) })}</span>
                </li>
              ))}
            </ul>
          ) : (
            <p className="muted">{t("no_quiet_customers")}</p>
          )
        }
      </Answer>
    </Section>
  );
}
