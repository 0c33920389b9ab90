import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { FigureView } from "@/parts/FigureView";
import { Page, Section } from "@/parts/Page";
import { RowsSide } from "@/parts/ResultView";
import { Answer, Empty } from "@/parts/States";
import { get } from "@/wire/api";
import { columnsOf, type Result, type Row } from "@/wire/result";
import { isFigure } from "@/words/figures";
import { useWords } from "@/words/i18n";
import { date, days, money, number } from "@/words/numbers";
import { anyTerm, term } from "@/words/terms";
import { BlindSpotsDue, Turned } from "./MapsDue";
import { Mentions, QuietCustomers, type Mention } from "./People";
import "./overview.css";

interface Due {
  kind: string;
  id: string;
  title: string;
  owner?: string;
  review_by: string;
  overdue: boolean;
  days: number;
}

interface Overview {
  mentions: Mention[];
  quiet_days: number;
  reviews: Due[];
  tasks: { text: string; owner?: string; due?: string | null }[];
  maps: number;
  sources: {
    stale: { source: string; days_old: number }[];
    quarantined: number;
    build: { as_of: string; accounts: number; journeys: number; outcomes: Record<string, number> } | null;
    conservation: boolean | null;
  };
}

/** What needs attention, the weightiest first. */
export default function OverviewRoom() {
  const { t, language } = useWords();
  const overview = useQuery({ queryKey: ["overview"], queryFn: () => get<Overview>("/api/v1/overview") });
  const build = overview.data?.sources.build;
  return (
    <Page title={t("room_overview")} about={build ? t("overview_about", { journeys: number(build.journeys, language), accounts: number(build.accounts, language), date: date(build.as_of, language) }) : undefined}>
      <Answer of={overview}>
        {(data) =>
          data.sources.build ? (
            <>
              <Outcomes outcomes={data.sources.build.outcomes} />
              <div className="overview">
                <Mentions mentions={data.mentions} />
                <Blockers />
                <DueList reviews={data.reviews} tasks={data.tasks} />
                {data.maps > 0 && <Turned />}
                {data.maps > 0 && <BlindSpotsDue />}
                <QuietCustomers days={data.quiet_days} asOf={data.sources.build.as_of} />
                <Pauses />
                <SourcesDue sources={data.sources} />
                {data.maps === 0 && (
                  <Section title={t("room_maps")}>
                    <Empty title={t("no_maps")} action={<Link to="/maps">{t("new_map")}</Link>}>{t("no_maps_next")}</Empty>
                  </Section>
                )}
              </div>
            </>
          ) : (
            <Empty title={t("no_build")} action={<Link to="/sources">{t("room_sources")}</Link>}>{t("no_build_next")}</Empty>
          )
        }
      </Answer>
    </Page>
  );
}

function Outcomes({ outcomes }: { outcomes: Record<string, number> }) {
  const { language } = useWords();
  return (
    <dl className="keyfigures">
      {["won", "lost", "dormant", "open"].map((one) => (
        <div key={one}>
          <dt className="muted">{term("outcome", one, language)}</dt>
          <dd className="value">
            <Link to="/journeys" search={{ show: "journeys", outcome: one } as never}>{number(outcomes[one] ?? 0, language)}</Link>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** An answer in small; its figures open the records behind them. */
function Asked({ name, title, children }: { name: string; title: string; children: (result: Result, open: (row: Row, figure: string) => void) => ReactNode }) {
  const { language } = useWords();
  const [shown, setShown] = useState<{ row: Row; figure: string } | null>(null);
  const found = useQuery({ queryKey: ["analysis", name, { language }], queryFn: () => get<Result>("/api/v1/analyses/{name}", { path: { name }, query: { language } }) });
  return (
    <Answer of={found}>
      {(result) => (
        <>
          {children(result, (row, figure) => setShown({ row, figure }))}
          {shown && <RowsSide name={name} query={{ language }} {...shown} columns={columnsOf(result)} title={title} onClose={() => setShown(null)} language={language} />}
        </>
      )}
    </Answer>
  );
}

const stake = (row: Row) => (typeof row.value_at_stake === "number" ? row.value_at_stake : isFigure(row.value_at_stake) ? (row.value_at_stake.value ?? 0) : 0);
const drop = (row: Row) => (isFigure(row.drop_off) ? (row.drop_off.value ?? -1) : -1);

function Blockers() {
  const { t, language } = useWords();
  return (
    <Section title={t("blockers_by_value")} about={t("blockers_by_value_about")} actions={<Link to="/blockers">{t("all_of_them")}</Link>}>
      <Asked name="blockers" title={t("room_blockers")}>
        {(result, open) => {
          const rows = [...result.rows].sort((one, other) => stake(other) - stake(one)).slice(0, 5);
          if (!rows.length)
            return (
              <>
                <p>{t("no_clear_blocker")}</p>
                <WorstStages />
              </>
            );
          return (
            <ul className="list">
              {rows.map((row, at) => (
                <li key={at} className="row">
                  <Link className="grow" to="/blockers">
                    {anyTerm(String(row.thing), language)} <span className="muted">{row.stage ? term("stage", String(row.stage), language) : ""}</span>
                  </Link>
                  {isFigure(row.risk_ratio) && <FigureView figure={row.risk_ratio} unit="ratio" behind={result} onOpen={() => open(row, "risk_ratio")} />}
                  <button type="button" className="link" onClick={() => open(row, "risk_ratio")}>{t("room_accounts")}</button>
                  {stake(row) > 0 && <span className="muted">{t("at_stake", { value: money(stake(row), "EUR", language) })}</span>}
                </li>
              ))}
            </ul>
          );
        }}
      </Asked>
    </Section>
  );
}

function WorstStages() {
  const { t, language } = useWords();
  return (
    <Asked name="stages" title={t("room_journeys")}>
      {(result, open) => (
        <ul className="list">
          {[...result.rows]
            .filter((row) => drop(row) > 0)
            .sort((one, other) => drop(other) - drop(one))
            .slice(0, 4)
            .map((row, at) => (
              <li key={at} className="row">
                <Link className="grow" to="/journeys">
                  {term("stage", String(row.stage), language)} <span className="muted">{String(row.journey_kinds).split(", ").map((one) => term("kind", one, language)).join(", ")}</span>
                </Link>
                {isFigure(row.drop_off) && <FigureView figure={row.drop_off} unit="share" behind={result} onOpen={() => open(row, "drop_off")} />}
                <span className="muted">{t("drop_out_here")}</span>
              </li>
            ))}
        </ul>
      )}
    </Asked>
  );
}

function Pauses() {
  const { t, language } = useWords();
  return (
    <Section title={t("quiet")} about={t("quiet_about")} actions={<Link to="/blockers" search={{ show: "pauses" } as never}>{t("all_of_them")}</Link>}>
      <Asked name="pauses" title={t("quiet")}>
        {(result, open) => {
          const rows = result.rows.filter((row) => row.stage !== "all" && Number(row.on_ice_now ?? 0) > 0).sort((one, other) => Number(other.on_ice_now) - Number(one.on_ice_now));
          if (!rows.length) return <p className="muted">{t("nobody_quiet")}</p>;
          return (
            <ul className="list">
              {rows.slice(0, 5).map((row, at) => (
                <li key={at} className="row">
                  <Link className="grow" to="/journeys" search={{ show: "journeys", outcome: "open", o_stage: String(row.stage) } as never}>{term("stage", String(row.stage), language)}</Link>
                  <span>{t("on_ice_n", { n: Number(row.on_ice_now) })}</span>
                  {isFigure(row.revived_90) && (
                    <span className="muted">
                      {t("revived_90")} <FigureView figure={row.revived_90} unit="share" behind={result} bare onOpen={() => open(row, "revived_90")} />
                    </span>
                  )}
                </li>
              ))}
            </ul>
          );
        }}
      </Asked>
    </Section>
  );
}

function DueList({ reviews, tasks }: { reviews: Due[]; tasks: Overview["tasks"] }) {
  const { t, language } = useWords();
  return (
    <Section title={t("reviews_due")} actions={<Link to="/reviews">{t("room_reviews")}</Link>}>
      {!reviews.length && !tasks.length && <p className="muted">{t("nothing_due")}</p>}
      <ul className="list">
        {reviews.slice(0, 6).map((row) => (
          <li key={`${row.kind}${row.id}`} className="row">
            {row.kind === "map" ? <Link className="grow" to="/maps/$slug" params={{ slug: row.id }}>{row.title}</Link> : row.kind === "persona" ? <Link className="grow" to="/personas/$slug" params={{ slug: row.id }}>{row.title}</Link> : <span className="grow">{row.title}</span>}
            <span className="muted">{row.owner}</span>
            <span className={row.overdue ? "late" : "muted"}>{row.overdue ? t("overdue_since", { days: days(row.days, language) }) : date(row.review_by, language)}</span>
          </li>
        ))}
        {tasks.slice(0, 6).map((task, at) => (
          <li key={at} className="row">
            <span className="grow">{task.text}</span>
            <span className="muted">{[task.owner, task.due && date(task.due, language)].filter(Boolean).join(" · ")}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function SourcesDue({ sources }: { sources: Overview["sources"] }) {
  const { t, language } = useWords();
  return (
    <Section title={t("sources_due")} actions={<Link to="/sources">{t("room_sources")}</Link>}>
      <ul className="list">
        <li className={sources.conservation ? "" : "late"}>{sources.conservation ? `✓ ${t("conserved")}` : `✕ ${t("not_conserved")}`}</li>
        {sources.stale.slice(0, 5).map((row) => (
          <li key={row.source} className="row">
            <span className="grow">{row.source}</span>
            <span className="muted">{t("silent_for", { days: days(row.days_old, language) })}</span>
          </li>
        ))}
        {sources.quarantined > 0 && <li><Link to="/sources" search={{ tab: "quarantine" } as never}>{t("in_quarantine", { n: sources.quarantined, shown: number(sources.quarantined, language) })}</Link></li>}
        {!sources.stale.length && !sources.quarantined && <li className="muted">{t("all_fresh")}</li>}
      </ul>
    </Section>
  );
}
