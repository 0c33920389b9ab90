import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { post } from "@/wire/api";
import { Fault } from "@/wire/faults";
import { isOver, useJob, type Job } from "@/wire/jobs";
import { useMay } from "@/wire/session";
import { useWords } from "@/words/i18n";
import { date } from "@/words/numbers";
import { FaultNote } from "./FaultNote";
import { useFilters } from "./filters";
import { JobNote } from "./JobNote";

/** The day of knowledge asked for has no build yet. */
export const isUnbuiltAsOf = (error: unknown) => error instanceof Fault && error.status === 409 && error.parts.code === "workspace" && error.parts.where === "as_of";

/** What a day of knowledge without a build says: that it can be built beside the one in use, how far that is, and then its answer. */
export function AsOfUnbuilt({ error }: { error: unknown }) {
  const { t, language } = useWords();
  const may = useMay("editor");
  const { filters, set } = useFilters();
  const queries = useQueryClient();
  const day = filters.as_of ?? "";
  const build = useMutation({ mutationFn: () => post<Job>("/api/v1/builds", { as_of: day }) });
  const job = useJob(build.data?.id ?? null);
  const over = isOver(job.data);
  useEffect(() => {
    if (job.data?.state === "done") void queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "job" });
  }, [job.data?.state, queries]);
  if (!day) return <FaultNote error={error} />;
  return (
    <div className="empty">
      <h2>{t("as_of_unbuilt", { date: date(day, language) })}</h2>
      <p className="muted">{may ? t("as_of_unbuilt_next") : t("as_of_unbuilt_ask")}</p>
      {build.error && <FaultNote error={build.error} />}
      {job.data && <JobNote job={job.data} />}
      <div className="row">
        {may && <Button variant="filled" onClick={() => build.mutate()} loading={build.isPending || (job.data !== undefined && !over)}>{t("as_of_build")}</Button>}
        <Button onClick={() => set({ as_of: undefined })}>{t("as_of_now")}</Button>
      </div>
    </div>
  );
}
