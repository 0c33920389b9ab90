import { Menu } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useWords } from "@/words/i18n";
import { date, moment, parsed } from "@/words/numbers";

export interface Listed {
  id: string;
  title: string;
  owner: string;
  review_by: string | null;
  changed_at: string;
  changed_by: string;
  /** Coded passages, of an interview. */
  passages?: number | null;
  /** When an interview was held or a review began. */
  day?: string | null;
  /** How an interview decided; whether a review is open. */
  state?: string;
  /** The map of a review. */
  of?: string;
}

export interface Column {
  title: string;
  cell: (row: Listed) => ReactNode;
  number?: boolean;
}

export interface Act {
  title: string;
  run: (row: Listed) => void;
  removes?: boolean;
}

interface Props {
  label: string;
  rows: readonly Listed[];
  /** Where a row leads to. */
  to: (row: Listed) => { to: string; params?: Record<string, string>; search?: Record<string, string> };
  /** What this kind of document tells besides; without any, when it is due for review. */
  columns?: readonly Column[];
  acts?: readonly Act[];
}

/** Documents of one kind: each with what it leads to, who looks after it, who changed it last, and what can be done with it. */
export function DocumentTable({ label, rows, to, columns, acts }: Props) {
  const { t, language } = useWords();
  const more: readonly Column[] = columns ?? [{ title: t("review_by"), cell: (row: Listed) => <Due row={row} /> }];
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label={label}>
      <table className="rows">
        <thead>
          <tr>
            <th scope="col">{t("title")}</th>
            {more.map((one) => <th key={one.title} scope="col" className={one.number ? "number" : ""}>{one.title}</th>)}
            <th scope="col">{t("owner")}</th>
            <th scope="col">{t("changed")}</th>
            {acts && <th scope="col"><span className="hidden">{t("more")}</span></th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td className="lead"><Link {...(to(row) as { to: "/maps" })}>{row.title || row.id}</Link></td>
              {more.map((one) => <td key={one.title} className={one.number ? "number" : ""}>{one.cell(row)}</td>)}
              <td>{row.owner}</td>
              <td>{moment(row.changed_at, language)} · {row.changed_by}</td>
              {acts && <td className="number"><Acts row={row} acts={acts} /></td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** When a document is due for review, and whether that is over. */
export function Due({ row }: { row: Pick<Listed, "review_by"> }) {
  const { t, language } = useWords();
  const late = (parsed(row.review_by)?.getTime() ?? Infinity) < Date.now();
  return <>{row.review_by ? date(row.review_by, language) : ""}{late && <span className="late"> · {t("overdue")}</span>}</>;
}

function Acts({ row, acts }: { row: Listed; acts: readonly Act[] }) {
  const { t } = useWords();
  return (
    <Menu position="bottom-end">
      <Menu.Target><button type="button" className="dots" aria-label={t("menu_of", { name: row.title || row.id })}>⋯</button></Menu.Target>
      <Menu.Dropdown>
        {acts.map((act) => <Menu.Item key={act.title} color={act.removes ? "contradicted" : undefined} onClick={() => act.run(row)}>{act.title}</Menu.Item>)}
      </Menu.Dropdown>
    </Menu>
  );
}
