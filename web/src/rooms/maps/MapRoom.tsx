import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useFilters } from "@/parts/filters";
import { Answer } from "@/parts/States";
import { get } from "@/wire/api";
import type { Result } from "@/wire/result";
import { useSession } from "@/wire/session";
import { isFigure, type Figure } from "@/words/figures";
import { MapScreen } from "./MapScreen";
import type { Check, MapAnswer } from "./model/types";
import type { StageFigures } from "./screen/context";

export default function MapRoom() {
  const { slug } = useParams({ strict: false }) as { slug: string };
  const map = useQuery({ queryKey: ["map", slug], queryFn: () => get<MapAnswer>("/api/v1/maps/{slug}", { path: { slug } }), staleTime: Infinity, gcTime: 0 });
  return (
    <div className="map-loading">
      <Answer of={map}>{(start) => <Loaded key={slug} slug={slug} start={start} />}</Answer>
    </div>
  );
}

function Loaded({ slug, start }: { slug: string; start: MapAnswer }) {
  const session = useSession();
  const isUser = Boolean(session.data?.user?.role);
  const { query } = useFilters();
  const check = useQuery({ queryKey: ["map-check", slug, query], queryFn: () => get<Check>("/api/v1/maps/{slug}/check", { path: { slug }, query }), retry: false, placeholderData: (before) => before });
  const journey = start.document.journey ?? [];
  const asked = { ...query, kind: journey };
  const stages = useQuery({ queryKey: ["analysis", "stages", asked], queryFn: () => get<Result>("/api/v1/analyses/{name}", { path: { name: "stages" }, query: asked }), enabled: isUser, retry: false, placeholderData: (before) => before });
  return <MapScreen slug={slug} start={start} check={check.data} checkFault={check.error} recheck={() => void check.refetch()} stages={stageFigures(stages.data)} stageQuery={asked} total={stages.data?.population?.journeys} />;
}

function stageFigures(result: Result | undefined): Map<string, StageFigures> {
  const found = new Map<string, StageFigures>();
  const figure = (value: unknown): Figure | null => (isFigure(value) ? value : null);
  for (const row of result?.rows ?? [])
    if (typeof row.stage === "string" && !found.has(row.stage))
      found.set(row.stage, { journeys: Number(row.journeys ?? 0), moved_on: figure(row.moved_on), median_days: figure(row.median_days), row, behind: { recipe: result?.recipe, period: result?.period, as_of: result?.as_of, population: result?.population } });
  return found;
}
