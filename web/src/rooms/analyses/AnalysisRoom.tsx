import { useQuery } from "@tanstack/react-query";
import { useLocation, useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { ExportMenu } from "@/parts/ExportMenu";
import { useFilters, useOwn } from "@/parts/filters";
import { Page } from "@/parts/Page";
import { ANSWERS } from "@/parts/places";
import { ResultView } from "@/parts/ResultView";
import { Answer, Waiting } from "@/parts/States";
import { Tabs } from "@/parts/Tabs";
import { address, get, type Query } from "@/wire/api";
import type { Result } from "@/wire/result";
import { useWords } from "@/words/i18n";
import { analysisName } from "@/words/terms";
import type { TextKey } from "@/words/texts";
import { Comparator } from "./Comparator";
import { compared } from "./compared";
import { Funnel } from "./Funnel";
import { Lead } from "./Lead";
import { Options, type Analysis } from "./Options";

const Flow = lazy(() => import("./Flow").then((found) => ({ default: found.Flow })));

const TITLES = {
  "/journeys": "room_journeys", "/blockers": "room_blockers", "/attribution": "room_attribution", "/content": "room_content", "/searches": "room_searches",
  "/buying-centers": "room_centers", "/changes": "room_changes",
} as const satisfies Record<keyof typeof ANSWERS, TextKey>;

export default function AnalysisRoom() {
  const { t, language } = useWords();
  const path = useLocation({ select: (location) => location.pathname });
  const place = path in ANSWERS ? (path as keyof typeof ANSWERS) : "/journeys";
  const room = { title: TITLES[place], names: ANSWERS[place] as readonly string[] };
  const list = useQuery({ queryKey: ["analyses"], queryFn: () => get<Analysis[]>("/api/v1/analyses"), staleTime: Infinity });
  const [open, setOpen] = useOwn("show", room.names[0]!);
  const name = room.names.includes(open) ? open : room.names[0]!;
  const titles = (id: string) => analysisName(id, language);
  return (
    <Page title={t(room.title)} about={<Question analysis={list.data?.find((one) => one.name === name)} name={name} />} filters>
      {room.names.length > 1 && <Tabs label={t(room.title)} tabs={room.names.map((id) => ({ id, title: titles(id) }))} open={name} onOpen={(id) => setOpen(id === room.names[0] ? undefined : id)} />}
      <Shown key={name} name={name} title={titles(name)} analysis={list.data?.find((one) => one.name === name)} />
    </Page>
  );
}

function Question({ analysis, name }: { analysis: Analysis | undefined; name: string }) {
  const { t, language } = useWords();
  const key = `ask_${name.replaceAll("-", "_")}` as TextKey;
  return <>{language === "de" ? (analysis?.question_de ?? t(key)) : (analysis?.question ?? t(key))}</>;
}

function Shown({ name, title, analysis }: { name: string; title: string; analysis: Analysis | undefined }) {
  const { language } = useWords();
  const { query } = useFilters();
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const own: Query = {};
  for (const option of analysis?.options ?? []) {
    const value = search[`o_${option.name}`];
    if (value !== undefined && value !== "") own[option.name] = String(value);
  }
  const asked: Query = { ...query, ...own, language };
  const result = useQuery({ queryKey: ["analysis", name, asked], queryFn: ({ signal }) => get<Result>("/api/v1/analyses/{name}", { path: { name }, query: asked, signal }), placeholderData: (before) => before });
  return (
    <>
      <div className="row noprint">
        {analysis && <Options analysis={analysis} />}
        <span className="grow" />
        <ExportMenu formats={["csv", "xlsx", "pdf", "svg", "png"]} address={(format) => address("/api/v1/analyses/{name}/export", { path: { name }, query: { ...asked, format } })} />
      </div>
      <Answer of={result}>
        {(data) => (
          <div className={`stack${result.isPlaceholderData ? " stale" : ""}`} aria-busy={result.isPlaceholderData}>
            <ResultView
              result={data}
              title={title}
              query={asked}
              drawn={name !== "paths" && name !== "stages" && !(name === "attribution" && compared(data.rows, "deals"))}
              above={(open) => (
                <>
                  <Lead name={name} result={data} onOpen={open} />
                  {name === "attribution" && <Comparator result={data} onOpen={open} />}
                  {name === "stages" && <Funnel result={data} onOpen={open} />}
                  {name === "paths" && data.rows.length > 0 && (
                    <Suspense fallback={<Waiting />}>
                      <Flow result={data} onOpen={open} />
                    </Suspense>
                  )}
                </>
              )}
            />
          </div>
        )}
      </Answer>
    </>
  );
}
