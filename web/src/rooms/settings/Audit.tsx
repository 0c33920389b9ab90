import { Select, TextInput } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { ExportMenu } from "@/parts/ExportMenu";
import { useOwn } from "@/parts/filters";
import { Section } from "@/parts/Page";
import { placeOf } from "@/parts/places";
import { RowTable } from "@/parts/RowTable";
import { Answer, Empty } from "@/parts/States";
import { useTyped } from "@/parts/typed";
import { address, get } from "@/wire/api";
import type { Row } from "@/wire/result";
import { useWords, type Language } from "@/words/i18n";
import { number } from "@/words/numbers";

export interface Line {
  at: string;
  who: string;
  to: { kind: string; id: string } | null;
  said: Record<Language, { what: string; about: string; detail: string }>;
}

interface Choices {
  total: number;
  people: { who: string; n: number }[];
  kinds: { what: string; said: Record<Language, string>; n: number }[];
}

const STEP = 200;

/** Lines that the page shows at most; the spreadsheet has all of them. */
const MOST = 1000;

/** Who did what when, in words, with the way to what it was done to; found by person, kind, days and words. */
export function Audit() {
  const { t, language } = useWords();
  const [search, typed, setTyped] = useTyped();
  const [who, setWho] = useOwn("who");
  const [what, setWhat] = useOwn("what");
  const [from, setFrom] = useOwn("from");
  const [to, setTo] = useOwn("to");
  const [many, setMany] = useState(STEP);
  const asking = { search: search || undefined, who: who || undefined, what: what || undefined, since: from || undefined, until: to || undefined };
  const choices = useQuery({ queryKey: ["audit-choices", asking], queryFn: () => get<Choices>("/api/v1/audit/choices", { query: asking }), placeholderData: keepPreviousData });
  const audit = useQuery({ queryKey: ["audit", asking, many], queryFn: () => get<Line[]>("/api/v1/audit", { query: { ...asking, limit: many } }), placeholderData: keepPreviousData });
  const total = choices.data?.total ?? 0;
  const counted = (said: string, n: number) => `${said} (${number(n, language)})`;
  return (
    <Section title={t("settings_audit")} about={t("audit_about")} actions={<ExportMenu formats={["csv", "xlsx"]} address={(format) => address("/api/v1/audit/export", { query: { ...asking, format, language } })} />}>
      <div className="row list-asked" role="search">
        <TextInput label={t("search_lines")} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
        <Select label={t("who_did")} placeholder={t("all_people")} clearable searchable data={choices.data?.people.map((one) => ({ value: one.who, label: counted(one.who, one.n) })) ?? []} value={who || null} onChange={(value) => setWho(value ?? undefined)} />
        <Select label={t("what_was_done")} placeholder={t("all_deeds")} clearable searchable data={choices.data?.kinds.map((one) => ({ value: one.what, label: counted(one.said[language], one.n) })) ?? []} value={what || null} onChange={(value) => setWhat(value ?? undefined)} />
        <TextInput type="date" label={t("since")} value={from} onChange={(event) => setFrom(event.currentTarget.value || undefined)} />
        <TextInput type="date" label={t("until")} value={to} onChange={(event) => setTo(event.currentTarget.value || undefined)} />
      </div>
      <Answer of={audit}>
        {(lines) => (
          <>
            <p className="muted" role="status">{t("lines_n", { n: total, shown: number(total, language) })}</p>
            {lines.length ? <AuditLines lines={lines} /> : <Empty title={t("no_rows")}>{t("no_rows_next")}</Empty>}
            {total > lines.length && lines.length < MOST && (
              <button type="button" className="link more" onClick={() => setMany(Math.min(many + STEP, MOST))}>{t("older_lines", { n: total - lines.length })}</button>
            )}
            {total > lines.length && lines.length >= MOST && <p className="muted">{t("lines_in_file", { n: MOST })}</p>}
          </>
        )}
      </Answer>
    </Section>
  );
}

/** The lines as a table; what has a room leads there. */
export function AuditLines({ lines }: { lines: Line[] }) {
  const { t, language } = useWords();
  const rows = lines.map(({ at, who, said, to }): Row => ({ when: at, who, what: said[language].what, done_to: said[language].about || null, detail: said[language].detail || null, to: to ? [to.kind, to.id] : null }));
  const doneTo = (row: Row) => {
    const [kind, id] = Array.isArray(row.to) ? row.to.map(String) : [];
    const place = kind && id ? placeOf(kind, id) : undefined;
    return place && <Link to={place.to} search={place.search}>{String(row.done_to)}</Link>;
  };
  return <RowTable columns={["when", "who", "what", "done_to", "detail"]} rows={rows} caption={t("settings_audit")} cells={{ done_to: doneTo }} />;
}
