import { Progress } from "@mantine/core";
import type { Job } from "@/wire/jobs";
import { Fault } from "@/wire/faults";
import { useWords } from "@/words/i18n";
import { FaultNote } from "./FaultNote";

/** Long work and how far it is; it goes on when the page is left. */
export function JobNote({ job }: { job: Job }) {
  const { t } = useWords();
  if (job.state === "failed") return <FaultNote error={job.error?.what ? new Fault(500, job.error) : new Error(job.words ?? t("went_wrong"))} />;
  return (
    <div className="job" role="status">
      <span>{job.state === "done" ? `✓ ${t("done")}` : job.words || t("job_waits")}</span>
      {job.state !== "done" && <Progress value={100 * (job.progress ?? 0)} size="sm" color="accent" aria-label={t("progress")} />}
      {job.state !== "done" && <span className="muted small">{t("may_leave")}</span>}
    </div>
  );
}
