import type { ReactNode } from "react";
import { useWords } from "@/words/i18n";
import { moment } from "@/words/numbers";
import type { Change } from "./changes";
import { changeWords, type Kind } from "./changeWords";
import type { Plain } from "./things";

/** An entry of a document's log. */
export interface LogEntry {
  id: string;
  revision: number;
  author: string;
  at: string;
  change: Change;
  told?: string[];
  undoes?: string;
}

export interface Log {
  edits: LogEntry[];
  marks?: { name: string; revision: number; author: string; at: string }[];
}

/** Who changed what when, in words; `after` is what stands beneath an entry. */
export function EditList({ edits, document, kind = "map", after }: { edits: LogEntry[]; document: object; kind?: Kind; after?: (edit: LogEntry) => ReactNode }) {
  const { t, language } = useWords();
  return (
    <ul className="list">
      {edits.map((edit) => (
        <li key={edit.id}>
          <p className="small muted">{edit.author} · {moment(edit.at, language)} · {t("revision_n", { n: edit.revision })}</p>
          <p>{edit.undoes ? `${t("undo")}: ` : ""}{changeWords(edit.change, document as Plain, language, kind)}</p>
          {after?.(edit)}
        </li>
      ))}
    </ul>
  );
}
