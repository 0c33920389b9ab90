/** What all documents have in common: things with ids, places among their neighbours, and texts in several languages. */

export interface Thing {
  id: string;
  order?: string;
  translations?: Record<string, Record<string, string>>;
  [more: string]: unknown;
}

export interface EvidenceLink {
  ref: string;
  quote?: string;
  speaker?: string;
  said_on?: string | null;
  note?: string;
}

/** A document as the server keeps it: its own fields, and collections of things by id. */
export type Plain = Record<string, unknown>;

const byOrder = (one: Thing, other: Thing) => {
  const [a, b] = [one.order ?? "", other.order ?? ""];
  return a < b ? -1 : a > b ? 1 : one.id < other.id ? -1 : 1;
};

export function sorted<T extends Thing>(things: Record<string, T> | undefined): T[] {
  return Object.values(things ?? {}).sort(byOrder);
}

/** A text of a thing in a language; its own where there is no translation. */
export function said(thing: { translations?: Record<string, Record<string, string>> } & Record<string, unknown>, field: string, language: string): string {
  return thing.translations?.[language]?.[field] || String(thing[field] ?? "");
}
