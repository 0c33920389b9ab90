import { columnsOf, type Cell, type Row } from "@/wire/result";

/** Names of things that only a machine needs; they stand last, and nowhere where each row has a company of its own. */
const KEYS = new Set(["journey_id", "record_id", "person_id", "answer_id"]);

/** The columns in which rows differ, ids last where they are needed, and those that say the same in all of them: said once, they leave the room to the others. */
export function alike(given: string[] | undefined, rows: Row[]): { differ: string[]; same: string[] } {
  const columns = columnsOf({ columns: given, rows });
  const same = rows.length > 1 ? columns.filter((name) => name !== "account" && name !== "account_id" && name !== "name" && equal(rows, name)) : [];
  const differ = columns.filter((name) => !same.includes(name));
  const told = new Set(rows.map((row) => row.account ?? row.name)).size === rows.length;
  return { differ: [...differ.filter((name) => !KEYS.has(name)), ...differ.filter((name) => KEYS.has(name) && !told)], same: same.filter((name) => filled(rows[0]?.[name])) };
}

const equal = (rows: Row[], name: string) => rows.every((row) => JSON.stringify(row[name] ?? null) === JSON.stringify(rows[0]?.[name] ?? null));
const filled = (value: Cell | undefined) => value !== null && value !== undefined && value !== "";
