import type { EvidenceLink, Plain, Thing } from "./things";

/** Changes as objects; the twin of `maps/changes.py`: what the page does at once, the server does for good. */
export type Change =
  | { do: "set"; collection?: string; id?: string; path: string[]; value?: unknown; absent?: boolean }
  | { do: "add"; collection: string; thing: Thing }
  | { do: "remove"; collection: string; id: string }
  | { do: "move"; collection: string; id: string; to: Record<string, string> }
  | { do: "link"; collection: string; id: string; evidence: EvidenceLink }
  | { do: "unlink"; collection: string; id: string; ref: string }
  | { do: "feel"; stage: string; step?: string; persona?: string; how?: "hand" | "measured" | "target"; value?: number | null; beside?: Record<string, unknown> }
  | { do: "translate"; collection?: string; id?: string; language: string; field: string; text?: string | null }
  | { do: "comment"; id: string; about?: string; text: string; author: string; at: string }
  | { do: "several"; changes: Change[]; summary?: string };

export const feelingId = (stage: string, step = "", persona = "", how = "hand") => `${stage || "_"}/${step || "_"}/${persona || "_"}/${how}`;

/** The document after a change; the one before stays as it is. A change of a thing that is gone does nothing. */
export function apply<D extends object>(document: D, change: Change): D {
  switch (change.do) {
    case "set": {
      const gone = change.absent || (change.value === null && change.path.length === 1);
      return onThing(document, change.collection ?? "", change.id ?? "", (thing) => written(thing, change.path, change.value, Boolean(gone)));
    }
    case "add":
      return put(document, change.collection, change.thing.id, change.thing);
    case "remove":
      return put(document, change.collection, change.id, null);
    case "move":
      return onThing(document, change.collection, change.id, (thing) => ({ ...thing, ...change.to }));
    case "link":
      return onThing(document, change.collection, change.id, (thing) => ({ ...thing, evidence: { ...(thing.evidence as Plain), [change.evidence.ref]: change.evidence } }));
    case "unlink":
      return onThing(document, change.collection, change.id, (thing) => ({ ...thing, evidence: without((thing.evidence as Plain) ?? {}, change.ref) }));
    case "feel": {
      const { stage, step = "", persona = "", how = "hand" } = change;
      const id = feelingId(stage, step, persona, how);
      if (change.value === null || change.value === undefined) return put(document, "feelings", id, null);
      return put(document, "feelings", id, { ...change.beside, id, stage, step, persona, how, value: change.value });
    }
    case "translate":
      return apply(document, { do: "set", collection: change.collection, id: change.id, path: ["translations", change.language, change.field], value: change.text, absent: change.text === null || change.text === undefined });
    case "comment":
      return put(document, "comments", change.id, { id: change.id, on: change.about ?? "", text: change.text, author: change.author, at: change.at });
    case "several":
      return change.changes.reduce((after, one) => apply(after, one), document);
  }
}

function onThing<D extends object>(document: D, collection: string, id: string, make: (thing: Plain) => Plain): D {
  if (!collection) return make(document as Plain) as D;
  const thing = ((document as Plain)[collection] as Record<string, Plain> | undefined)?.[id];
  return thing ? put(document, collection, id, make(thing)) : document;
}

function put<D extends object>(document: D, collection: string, id: string, thing: Plain | null): D {
  const things = ((document as Plain)[collection] as Plain | undefined) ?? {};
  return { ...document, [collection]: thing === null ? without(things, id) : { ...things, [id]: thing } };
}

function without(things: Plain, key: string): Plain {
  if (!(key in things)) return things;
  return Object.fromEntries(Object.entries(things).filter(([name]) => name !== key));
}

function written(thing: Plain, path: readonly string[], value: unknown, gone: boolean): Plain {
  const [first, ...rest] = path;
  if (first === undefined) return thing;
  if (rest.length) return { ...thing, [first]: written((thing[first] as Plain) ?? {}, rest, value, gone) };
  return gone ? without(thing, first) : { ...thing, [first]: value };
}

const ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";

/** A short id that nobody has yet; as `new_id` of the server makes them. */
export function newId(prefix = "c"): string {
  return prefix + Array.from(crypto.getRandomValues(new Uint32Array(8)), (number) => ALPHABET[number % ALPHABET.length]).join("");
}

export const setOf = (collection: string, id: string, field: string, value: unknown): Change =>
  value === null || value === undefined || value === ""
    ? { do: "set", collection, id, path: [field], absent: true }
    : { do: "set", collection, id, path: [field], value };
