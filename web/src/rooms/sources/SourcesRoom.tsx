import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { ExportMenu } from "@/parts/ExportMenu";
import { FigureView } from "@/parts/FigureView";
import { JobNote } from "@/parts/JobNote";
import { useOwn } from "@/parts/filters";
import { Page, Section } from "@/parts/Page";
import { RowsPanel } from "@/parts/RowsPanel";
import { Answer, Empty, FaultNote } from "@/parts/States";
import { Tabs } from "@/parts/Tabs";
import { address, get, post } from "@/wire/api";
import { isOver, useJob, type Job } from "@/wire/jobs";
import type { Rows } from "@/wire/result";
import { useMay } from "@/wire/session";
import type { Figure } from "@/words/figures";
import { useWords } from "@/words/i18n";
import { date, days, number } from "@/words/numbers";
import { systemName, term } from "@/words/terms";
import { Drop } from "./Drop";
import { Quarantine } from "./Quarantine";
import { Rules } from "./Rules";
import { Waterfall } from "./Waterfall";
import "./sources.css";

export interface Source {
  source: string;
  files: number;
  records: number;
  quarantined: number;
  events: number;
  last: string;
  days_old: number | null;
  matched: Figure | null;
}

export interface Built {
  events: number;
  steps: number;
  internal: number;
  unresolved: number;
  duplicates: number;
  conservation: { ok: boolean; checks: { check: string; words: string; ok: boolean }[] };
}

interface Sources {
  sources: Source[];
  build: Built | null;
  unresolved: { reason: string; n: number }[];
  /** What is learned after this day counts in no build, where the settings say so. */
  fixed_as_of: string | null;
  /** Settings and rules that were changed after the last build. */
  changed_rules?: string[];
}

const TABS = ["state", "quarantine", "rules"] as const;

export default function SourcesRoom() {
  const { t } = useWords();
  const may = useMay("editor");
  const [tab, setTab] = useOwn("tab", "state");
  const sources = useQuery({ queryKey: ["sources"], queryFn: () => get<Sources>("/api/v1/sources") });
  return (
    <Page title={t("room_sources")} about={t("sources_about")} actions={may && <Rebuild />}>
      <Tabs label={t("room_sources")} tabs={TABS.map((id) => ({ id, title: t(`sources_${id}`) }))} open={TABS.find((one) => one === tab) ?? "state"} onOpen={(id) => setTab(id === "state" ? undefined : id)} />
      {tab === "quarantine" ? (
        <Quarantine />
      ) : tab === "rules" ? (
        <Rules />
      ) : (
        <>
          {may && <Drop />}
          <Answer of={sources}>{(data) => <State data={data} />}</Answer>
        </>
      )}
    </Page>
  );
}

function Rebuild() {
  const { t } = useWords();
  const queries = useQueryClient();
  const build = useMutation({ mutationFn: () => post<Job>("/api/v1/builds", {}) });
  const job = useJob(build.data?.id ?? null);
  const over = isOver(job.data);
  useEffect(() => {
    if (over) void queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "job" });
  }, [over, queries]);
  return (
    <>
      {build.error && <FaultNote error={build.error} />}
      {job.data && <JobNote job={job.data} />}
      <Button onClick={() => build.mutate()} loading={build.isPending || (job.data !== undefined && !over)}>{t("rebuild")}</Button>
    </>
  );
}

function State({ data }: { data: Sources }) {
  const { t, language } = useWords();
  const may = useMay("editor");
  const [checks, setChecks] = useState(false);
  const [open, setOpen] = useState<string | null>(null);
  if (!data.sources.length) return <Empty title={t("no_sources")}>{t("no_sources_next")}</Empty>;
  return (
    <>
      {data.fixed_as_of && <p className="notice">{t("fixed_as_of", { date: date(data.fixed_as_of, language) })} <Link to="/settings">{t("room_settings")}</Link></p>}
      {Boolean(data.changed_rules?.length) && <p className="notice" role="status">{t("changed_rules", { files: data.changed_rules!.join(", ") })} {may && t("changed_rules_next")}</p>}
      {data.build && (
        <Section title={t("waterfall")} about={t("waterfall_about")}>
          <Waterfall build={data.build} />
          <p className={data.build.conservation.ok ? "" : "late"}>
            {data.build.conservation.ok ? `✓ ${t("conserved")}` : `✕ ${t("not_conserved")}`}{" "}
            <button type="button" className="link" aria-expanded={checks} onClick={() => setChecks(!checks)}>{t("checks_n", { n: data.build.conservation.checks.length })}</button>
          </p>
          {checks && <ul className="notes">{data.build.conservation.checks.map((one) => <li key={one.check}>{one.ok ? "✓" : "✕"} {one.words}</li>)}</ul>}
        </Section>
      )}
      <Section title={t("room_sources")} actions={<ExportMenu formats={["csv", "xlsx"]} address={(format) => address("/api/v1/sources/export", { query: { format, language } })} />}>
        <div className="table-frame" tabIndex={0} role="region" aria-label={t("room_sources")}>
          <table className="rows">
            <thead>
              <tr>
                <th scope="col">{t("source")}</th>
                <th scope="col" className="number">{t("files")}</th>
                <th scope="col" className="number">{t("records")}</th>
                <th scope="col" className="number">{t("events")}</th>
                <th scope="col" className="number">{t("matched")}</th>
                <th scope="col">{t("newest")}</th>
                <th scope="col" className="number">{t("sources_quarantine")}</th>
              </tr>
            </thead>
            <tbody>
              {data.sources.map((row) => (
                <tr key={row.source}>
                  <td className="lead">{systemName(row.source, language)}</td>
                  <td className="number">{number(row.files, language)}</td>
                  <td className="number">{number(row.records, language)}</td>
                  <td className="number">{number(row.events, language)}</td>
                  <td className="number">{row.matched ? <FigureView figure={row.matched} unit="share" bare onOpen={() => setOpen(row.source)} /> : ""}</td>
                  <td>
                    {row.last && date(row.last, language)}{" "}
                    {row.days_old !== null && <span className={row.days_old > 30 ? "late" : "muted"}>{t("ago", { days: days(row.days_old, language) })}</span>}
                  </td>
                  <td className="number">{row.quarantined > 0 && (may ? <Link to="/sources" search={{ tab: "quarantine", source: row.source } as never} aria-label={t("quarantine_of", { n: row.quarantined, shown: number(row.quarantined, language), source: systemName(row.source, language) })}>{number(row.quarantined, language)}</Link> : number(row.quarantined, language))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Section>
      {data.unresolved.length > 0 && (
        <Section title={t("why_unresolved")}>
          <ul className="list reasons">
            {data.unresolved.map((row) => (
              <li key={row.reason} className="row">
                <span className="grow">{term("reason", row.reason, language)}</span>
                <span>{number(row.n, language)}</span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {open && <Unresolved source={open} onClose={() => setOpen(null)} />}
    </>
  );
}

/** The events of a source that are in no journey, with why: what its match rate leaves out. */
function Unresolved({ source, onClose }: { source: string; onClose: () => void }) {
  const { t, language } = useWords();
  const path = { source };
  return (
    <RowsPanel
      title={systemName(source, language)} about={t("unresolved_about")} id={["unresolved", source]} onClose={onClose}
      load={() => get<Rows>("/api/v1/sources/{source}/unresolved", { path, query: { limit: 5000 } })}
      exported={(format) => address("/api/v1/sources/{source}/unresolved/export", { path, query: { format, language } })}
    />
  );
}
