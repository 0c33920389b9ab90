import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { post } from "@/wire/api";
import { apply, type Change } from "./changes";
import type { Clash } from "./clash";

export interface Answered<D> {
  revision: number;
  document: D;
}

interface Sent {
  changes: Change[];
  since: number;
}

/** Kinds of documents that are edited without a live room, as their addresses call them. */
export type Many = "personas" | "interviews" | "reviews" | "surveys";

/** A document's room: where it is asked for, and what else is to be asked anew when it changes. */
export interface Kept {
  many: Many | "segments";
  slug: string;
  queryKey: readonly unknown[];
  also?: readonly (readonly unknown[])[];
}

/**
 * Edits of a document: shown at once, sent with the revision at which they began. Where they ran into what somebody else
 * wrote meanwhile, both texts are kept in `clashes` until they are dismissed.
 */
export function useEdits<D extends object>({ many, slug, queryKey, also = [] }: Kept, revision: number) {
  const queries = useQueryClient();
  const [clashes, setClashes] = useState<Clash[]>([]);
  const again = () => Promise.all([queryKey, ...also].map((key) => queries.invalidateQueries({ queryKey: key })));
  const send = useMutation({
    scope: { id: queryKey.join("/") },
    mutationFn: ({ changes, since }: Sent) => post<{ revision: number; conflicts: Clash[] }>(`/api/v1/${many}/{id}/edits`, { base_revision: since, changes }, { path: { id: slug } }),
    onMutate: async ({ changes }) => {
      await queries.cancelQueries({ queryKey });
      queries.setQueryData<Answered<D>>(queryKey, (before) => before && { ...before, document: changes.reduce((document, change) => apply(document, change), before.document) });
    },
    onSuccess: (done) => done.conflicts.length > 0 && setClashes((before) => [...before, ...done.conflicts]),
    onSettled: again,
  });
  return {
    edit: (...changes: Change[]) => void (changes.length && send.mutate({ changes, since: revision })),
    editSince: (since: number, ...changes: Change[]) => void (changes.length && send.mutate({ changes, since })),
    error: send.error,
    busy: send.isPending,
    clashes,
    dismiss: (clash: Clash) => setClashes((before) => before.filter((one) => one !== clash)),
    again,
  };
}

export type Edits = ReturnType<typeof useEdits>;
