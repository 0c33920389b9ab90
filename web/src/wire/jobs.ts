import { useQuery } from "@tanstack/react-query";
import { get } from "./api";
import type { FaultParts } from "./faults";

export interface Job {
  id: string;
  state: "waiting" | "queued" | "running" | "done" | "failed";
  progress?: number | null;
  words?: string;
  result?: unknown;
  error?: FaultParts | null;
}

export const isOver = (job: Job | undefined) => job?.state === "done" || job?.state === "failed";

/** A job that is followed until it is over. */
export function useJob(id: string | null) {
  return useQuery({
    queryKey: ["job", id],
    queryFn: () => get<Job>("/api/v1/jobs/{id}", { path: { id: id! } }),
    enabled: id !== null,
    refetchInterval: (query) => (isOver(query.state.data) ? false : 500),
  });
}
