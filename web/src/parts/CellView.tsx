import { Link } from "@tanstack/react-router";
import { isFigure, amount, unitOf } from "@/words/figures";
import type { Language } from "@/words/i18n";
import { useWords } from "@/words/i18n";
import { date, moment, number } from "@/words/numbers";
import { anyTerm, anyTerms, term } from "@/words/terms";
import type { Cell, Row } from "@/wire/result";
import { FigureView, type Behind } from "./FigureView";

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}T/;
const NAMES = new Set(["account", "name", "owner", "content", "what", "page", "path", "url", "title", "email", "person_id", "account_id", "journey_id", "record_id"]);

/** The text of a value, for sorting aloud, for narrow places and for readers. */
export function textOf(value: Cell | undefined, column: string, language: Language, row?: Row): string {
  if (value === null || value === undefined || value === "") return "";
  if (isFigure(value)) return amount(value.value, unitOf(column, value), language, currencyOf(row));
  if (typeof value === "boolean") return value ? (language === "de" ? "ja" : "yes") : "";
  if (typeof value === "number") {
    const unit = unitOf(column);
    return unit ? amount(value, unit, language, currencyOf(row)) : number(value, language, column.endsWith("_p") ? 3 : undefined);
  }
  if (Array.isArray(value)) return value.map((one) => anyTerm(String(one), language)).join(" → ");
  if (typeof value === "object") return JSON.stringify(value);
  if (DAY.test(value)) return date(value, language);
  if (MOMENT.test(value)) return column === "happened_at" || column === "at" || column === "when" ? moment(value, language) : date(value, language);
  if (column === "reason" && term("reason", value, language) !== value) return term("reason", value, language);
  if (column === "path") return value.split(/ (?:>|→) /).map((one) => anyTerm(one, language)).join(" → ");
  // A name that people gave stays in one piece; that of a measure is made of the house's words.
  return NAMES.has(column) && row?.measure === undefined ? anyTerm(value, language) : anyTerms(value, language);
}

function currencyOf(row: Row | undefined): string | null {
  return typeof row?.currency === "string" ? row.currency : null;
}

/** A value of an answer as it stands in a table. */
export function CellView({ row, column, behind, onOpen }: { row: Row; column: string; behind?: Behind; onOpen?: () => void }) {
  const { language } = useWords();
  const value = row[column];
  if (isFigure(value)) return <FigureView figure={value} column={column} behind={behind} currency={currencyOf(row)} onOpen={onOpen} />;
  const text = textOf(value, column, language, row);
  const account = row.account_id;
  if ((column === "account" || column === "account_id" || (column === "name" && "account_id" in row)) && typeof account === "string" && text)
    return (
      <Link to="/accounts/$id" params={{ id: account }}>
        {text}
      </Link>
    );
  return <>{text}</>;
}

/** A day or a moment, which stays on one line. */
export function isMoment(value: Cell | undefined): boolean {
  return typeof value === "string" && (DAY.test(value) || MOMENT.test(value));
}

export function isNumeric(value: Cell | undefined): boolean {
  return typeof value === "number" || isFigure(value);
}

/** The number by which a value sorts; words sort by themselves. */
export function sortValue(value: Cell | undefined): number | string | null {
  if (value === null || value === undefined) return null;
  if (isFigure(value)) return value.value;
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  return Array.isArray(value) ? value.join(" ") : typeof value === "object" ? JSON.stringify(value) : value;
}
