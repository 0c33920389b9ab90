import { Select } from "@mantine/core";
import { useWords } from "@/words/i18n";
import { kindOptions, meaningOptions, tableOptions } from "@/words/imports";
import type { TextKey } from "@/words/texts";

export interface Meant {
  name: string;
  meaning: string;
  sure: string;
  used: boolean;
  cells: string[];
}

/** What a person says of a table: what its rows are, and what its columns are. */
export interface Said {
  table: string;
  kind: string;
  meanings: Record<string, string>;
}

const SURE: Record<string, TextKey> = { sure: "guess_sure", likely: "guess_likely" };

/** Column by column of an unknown table what it is taken for, with cells as examples; each can be said otherwise. */
export function Columns({ columns, said, table, kind, onSay }: { columns: readonly Meant[]; said: Said; table: string; kind: string; onSay: (said: Said) => void }) {
  const { t, language } = useWords();
  const meanings = meaningOptions(language);
  const taken = new Set(columns.map((column) => column.meaning).filter(Boolean));
  return (
    <div className="stack">
      <div className="row">
        <Select label={t("a_row_is")} data={tableOptions(language)} value={table} allowDeselect={false} onChange={(value) => value && onSay({ ...said, table: value })} />
        {table === "events" && <Select label={t("kind_of_event")} searchable selectFirstOptionOnChange data={kindOptions(language)} value={kind} allowDeselect={false} onChange={(value) => value && onSay({ ...said, table, kind: value })} />}
      </div>
      <div className="table-frame" tabIndex={0} role="region" aria-label={t("columns_are")}>
        <table className="rows meant">
          <thead>
            <tr><th scope="col">{t("column_of_table")}</th><th scope="col">{t("for_example")}</th><th scope="col">{t("column_is")}</th><th scope="col"><span className="hidden">{t("more")}</span></th></tr>
          </thead>
          <tbody>
            {columns.map((column) => (
              <tr key={column.name}>
                <td className="lead">{column.name}</td>
                <td className="muted">{column.cells.join(" · ")}</td>
                <td>
                  <Select
                    aria-label={t("is_what", { name: column.name })} placeholder={t("left_out_column")} searchable clearable selectFirstOptionOnChange
                    data={meanings.map((one) => ({ ...one, disabled: one.value !== column.meaning && taken.has(one.value) }))}
                    value={column.meaning || null} onChange={(value) => onSay({ ...said, meanings: { ...said.meanings, [column.name]: value ?? "" } })}
                  />
                </td>
                <td className="muted small">{column.name in said.meanings ? t("guess_yours") : column.meaning ? t(SURE[column.sure] ?? "guess_unsure") : ""}{column.meaning && !column.used ? ` · ${t("not_used_here")}` : ""}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
