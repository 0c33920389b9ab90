import { useState, type ChangeEvent } from "react";

type Field = HTMLInputElement | HTMLTextAreaElement;

/**
 * What a field of the map holds while somebody writes in it: their words stay whatever others write there meanwhile, and
 * go out with the revision at which they began, so that both sides are told. A field that nobody has written in follows.
 */
export function useKept(value: string, revision: number, write: (text: string, since: number) => void) {
  const [draft, setDraft] = useState<{ text: string; from: string; since: number } | null>(null);
  return {
    value: draft ? draft.text : value,
    onChange: (event: ChangeEvent<Field>) => {
      const text = event.currentTarget.value;
      setDraft((before) => ({ text, from: before ? before.from : value, since: before ? before.since : revision }));
    },
    onBlur: () => {
      setDraft(null);
      if (draft && draft.text !== draft.from) write(draft.text, draft.since);
    },
  };
}
