import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { address, get } from "@/wire/api";
import type { Result } from "@/wire/result";
import { useWords } from "@/words/i18n";
import { ExportMenu } from "./ExportMenu";
import { Section } from "./Page";
import { ResultView } from "./ResultView";
import { Answer } from "./States";

const BY = ["stage", "touchpoint", "quarter", "survey"] as const;

/** What all answers to surveys in the evidence say, by stage, touchpoint, quarter or survey; of one persona where it is given. */
export function Satisfaction({ persona }: { persona?: string }) {
  const { t, language } = useWords();
  const [by, setBy] = useState<(typeof BY)[number]>("stage");
  const asked = { by, language, ...(persona ? { persona } : {}) };
  const found = useQuery({ queryKey: ["analysis", "satisfaction", asked], queryFn: ({ signal }) => get<Result>("/api/v1/analyses/{name}", { path: { name: "satisfaction" }, query: asked, signal }), placeholderData: (before) => before });
  const title = t("satisfaction_title");
  return (
    <Section
      title={title}
      about={persona ? t("satisfaction_about_persona") : t("satisfaction_about")}
      actions={
        <div className="row noprint">
          <SegmentedControl size="xs" aria-label={t("satisfaction_by")} data={BY.map((value) => ({ value, label: t(`satisfaction_${value}`) }))} value={by} onChange={(value) => setBy(value as (typeof BY)[number])} />
          <ExportMenu formats={["csv", "xlsx", "pdf"]} address={(format) => address("/api/v1/analyses/{name}/export", { path: { name: "satisfaction" }, query: { ...asked, format } })} />
        </div>
      }
    >
      <Answer of={found}>{(data) => <ResultView result={data} title={title} query={asked} drawn={!persona} />}</Answer>
    </Section>
  );
}
