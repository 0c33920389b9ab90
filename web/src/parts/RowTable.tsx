import { useMemo, useState, type ReactNode } from "react";
import { useWords } from "@/words/i18n";
import { columnName } from "@/words/terms";
import { columnsOf, type Row } from "@/wire/result";
import { CellView, isMoment, isNumeric, sortValue } from "./CellView";
import type { Behind } from "./FigureView";

const FIRST = 30;
const STEP = 100;
const NEVER_SHOWN = new Set(["path_hash", "currency"]);

/** The account's id is shown where its name is not. */
const isShown = (name: string, all: readonly string[]) => !NEVER_SHOWN.has(name) && (name !== "account_id" || !(all.includes("account") || all.includes("name")));

interface Props {
  columns?: string[];
  rows: Row[];
  behind?: Behind;
  caption: string;
  onOpen?: (row: Row, figure?: string) => void;
  onRow?: (row: Row) => void;
  chosen?: (row: Row) => boolean;
  /** What stands in a column instead of its value, such as a link. */
  cells?: Record<string, (row: Row) => ReactNode>;
}

/** Rows of an answer as a table that sorts; long ones show their first rows, and then a hundred at a time. */
export function RowTable({ columns, rows, behind, caption, onOpen, onRow, chosen, cells }: Props) {
  const { t, language } = useWords();
  const [by, setBy] = useState<{ column: string; down: boolean } | null>(null);
  const [shown, setShown] = useState(FIRST);
  const names = useMemo(() => columnsOf({ columns, rows }).filter((name, _at, all) => isShown(name, all) && rows.some((row) => row[name] !== null && row[name] !== undefined)), [columns, rows]);
  const sorted = useMemo(() => (by ? sort(rows, by.column, by.down) : rows), [rows, by]);
  const numeric = useMemo(() => new Set(names.filter((name) => rows.some((row) => isNumeric(row[name])))), [names, rows]);
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label={caption}>
      <table className="rows">
        <caption className="hidden">{caption}</caption>
        <thead>
          <tr>
            {names.map((name) => (
              <th key={name} scope="col" className={numeric.has(name) ? "number" : ""} aria-sort={by?.column === name ? (by.down ? "descending" : "ascending") : undefined}>
                <button
                  type="button"
                  className="plain"
                  onClick={() => setBy((before) => (before?.column === name ? { column: name, down: !before.down } : { column: name, down: numeric.has(name) }))}
                >
                  {columnName(name, language)}
                  <span aria-hidden="true">{by?.column === name ? (by.down ? " ↓" : " ↑") : ""}</span>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.slice(0, shown).map((row, at) => (
            <tr key={at} className={`${onRow ? "opens" : ""}${chosen?.(row) ? " chosen" : ""}`} onClick={onRow ? () => onRow(row) : undefined}>
              {names.map((name, first) => (
                <td key={name} className={numeric.has(name) ? "number" : `${first === 0 ? "lead" : ""}${isMoment(row[name]) ? " when" : ""}`}>
                  {cells?.[name]?.(row) ?? <CellView row={row} column={name} behind={behind} onOpen={onOpen ? () => onOpen(row, name) : undefined} />}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > shown && (
        <button type="button" className="link more" onClick={() => setShown(shown + STEP)}>
          {t("rows_more", { n: rows.length - shown })}
        </button>
      )}
    </div>
  );
}

function sort(rows: Row[], column: string, down: boolean): Row[] {
  const way = down ? -1 : 1;
  return [...rows].sort((one, other) => {
    const [a, b] = [sortValue(one[column]), sortValue(other[column])];
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
    if (typeof a === "number" && typeof b === "number") return (a - b) * way;
    return String(a).localeCompare(String(b)) * way;
  });
}
