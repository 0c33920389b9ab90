import { TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useScreen } from "./context";

/** A title that is changed in place: the field while one writes, and what begins it.
 *
 * Others may rename the thing meanwhile, so the title and the revision at which one began are kept.
 */
export function useRename(title: string, label: string, write: (title: string, since: number) => void): [ReactNode, () => void] {
  const { revision } = useScreen();
  const [begun, setBegun] = useState<{ title: string; since: number } | null>(null);
  const end = (text: string) => {
    setBegun(null);
    if (begun && text.trim() && text !== begun.title) write(text.trim(), begun.since);
  };
  const field = begun && (
    <TextInput
      size="xs" aria-label={label} defaultValue={begun.title} autoFocus onBlur={(event) => end(event.currentTarget.value)}
      onKeyDown={(event) => { event.stopPropagation(); if (event.key === "Enter") end(event.currentTarget.value); if (event.key === "Escape") setBegun(null); }}
    />
  );
  return [field, () => setBegun({ title, since: revision })];
}
