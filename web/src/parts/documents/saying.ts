import { setOf, type Change } from "./changes";

interface Speaks {
  language?: string;
  languages?: readonly string[];
}

interface Said {
  id?: string;
  translations?: Record<string, Record<string, string>>;
}

/**
 * The change that makes a thing say a text in the language that is read: its translation where the document has that
 * language besides its own, else its own text. Without a thing it is the document's own text.
 */
export function saying(document: Speaks & Said, collection: string, thing: Said | null, field: string, language: string, text: string): Change {
  const translated = language !== (document.language ?? "de") && (document.languages?.includes(language) || Boolean((thing ?? document).translations?.[language]?.[field]));
  const id = thing?.id ?? "";
  return translated ? { do: "translate", collection, id, language, field, text: text || null } : setOf(collection, id, field, text);
}
