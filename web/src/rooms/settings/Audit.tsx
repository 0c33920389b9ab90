import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ExportMenu } from "@/parts/ExportMenu";
import { Section } from "@/parts/Page";
import { placeOf } from "@/parts/places";
import { RowTable } from "@/parts/RowTable";
import { Answer } from "@/parts/States";
import { address, get } from "@/wire/api";
import type { Row } from "@/wire/result";
import { useWords, type Language } from "@/words/i18n";

export interface Line {
  at: string;
  who: string;
  to: { kind: string; id: string } | null;
  said: Record<Language, { what: string; about: string; detail: string }>;
}

/** Who did what when, in words, with the way to what it was done to. */
export function Audit() {
  const { t, language } = useWords();
  const audit = useQuery({ queryKey: ["audit"], queryFn: () => get<Line[]>("/api/v1/audit", { query: { limit: 500 } }) });
  return (
    <Section title={t("settings_audit")} about={t("audit_about")} actions={<ExportMenu formats={["csv", "xlsx"]} address={(format) => address("/api/v1/audit/export", { query: { format, language } })} />}>
      <Answer of={audit}>{(lines) => <AuditLines lines={lines} />}</Answer>
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
