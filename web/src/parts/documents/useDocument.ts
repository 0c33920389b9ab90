import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post } from "@/wire/api";
import type { Change } from "./changes";

/** Kinds of documents that are edited without a live room, as their addresses call them. */
export type Many = "personas" | "surveys" | "interviews" | "reviews";

interface Edited {
  revision: number;
  applied: boolean;
  conflicts?: { field: string[]; by: string }[];
}

const ONE: Record<Many, string> = { personas: "persona", surveys: "survey", interviews: "interview", reviews: "review" };

/**
 * A document, and the way to change it: an edit says which revision it saw, so that writing over somebody else is told.
 * `also` are the first words of other queries that show something of it.
 */
export function useDocument<D>(many: Many, slug: string, also: readonly string[] = []) {
  const queries = useQueryClient();
  const again = () => Promise.all([[many], [ONE[many], slug], ...also.map((key) => [key])].map((queryKey) => queries.invalidateQueries({ queryKey })));
  const read = useQuery({ queryKey: [ONE[many], slug], queryFn: () => get<{ revision: number; document: D }>(`/api/v1/${many}/{id}`, { path: { id: slug } }) });
  const edit = useMutation({
    mutationFn: (changes: readonly Change[]) => post<Edited>(`/api/v1/${many}/{id}/edits`, { base_revision: read.data?.revision, changes }, { path: { id: slug } }),
    onSettled: again,
  });
  return { read, edit, again };
}
