import type { Language } from "@/words/i18n";
import { signed } from "@/words/numbers";
import { columnName } from "@/words/terms";
import type { Change } from "./changes";
import { said } from "@/parts/documents/things";
import type { Plain, Thing } from "./things";

type Pair = readonly [string, string];
export type Kind = "map" | "persona" | "survey" | "interview" | "review";

/** One thing of a collection, and a thing that is there no more. */
const THINGS: Record<string, readonly [Pair, Pair]> = {
  cards: [["Karte", "Card"], ["eine Karte", "a card"]], stages: [["Phase", "Stage"], ["eine Phase", "a stage"]], steps: [["Schritt", "Step"], ["ein Schritt", "a step"]], lanes: [["Zeile", "Lane"], ["eine Zeile", "a lane"]],
  feelings: [["Stimmung", "Feeling"], ["ein Punkt der Stimmung", "a point of the feelings"]], comments: [["Kommentar", "Comment"], ["ein Kommentar", "a comment"]], competitors: [["Wettbewerber", "Competitor"], ["ein Wettbewerber", "a competitor"]],
  criteria: [["Kriterium", "Criterion"], ["ein Kriterium", "a criterion"]], traits: [["Merkmal", "Trait"], ["ein Merkmal", "a trait"]], scales: [["Skala", "Scale"], ["eine Skala", "a scale"]],
  questions: [["Frage", "Question"], ["eine Frage", "a question"]], speakers: [["Sprecher", "Speaker"], ["ein Sprecher", "a speaker"]], passages: [["Stelle", "Passage"], ["eine Stelle", "a passage"]],
  claims: [["Annahme", "Claim"], ["eine Annahme", "a claim"]], spots: [["blinder Fleck", "Blind spot"], ["ein blinder Fleck", "a blind spot"]],
  decisions: [["Entscheidung", "Decision"], ["eine Entscheidung", "a decision"]], tasks: [["Aufgabe", "Task"], ["eine Aufgabe", "a task"]],
};

/** The documents themselves. */
const KINDS: Record<Kind, Pair> = { map: ["Map", "Map"], persona: ["Persona", "Persona"], survey: ["Umfrage", "Survey"], interview: ["Interview", "Interview"], review: ["Review", "Review"] };

const FIELDS: Record<string, Pair> = {
  text: ["Text", "Text"], detail: ["Einzelheiten", "Details"], title: ["Titel", "Title"], provenance: ["Herkunft", "Comes from"], claim: ["Annahme", "Claim"], owner: ["Verantwortlich", "Owner"], review_by: ["Review bis", "Review by"],
  role: ["Rolle", "Role"], channel: ["Kanal", "Channel"], effort: ["Aufwand", "Effort"], effect: ["Wirkung", "Effect"], moment_of_truth: ["Moment der Wahrheit", "Moment of truth"], done: ["erledigt", "Settled"], hidden: ["verborgen", "Hidden"],
  milestone: ["Meilenstein", "Milestone"], state: ["Zustand", "State"], planned_days: ["geplante Tage", "Planned days"], journey: ["Art der Journey", "Kind of journey"], personas: ["Personas", "Personas"], segments: ["Segmente", "Segments"],
  stage: ["Phase", "Stage"], lane: ["Zeile", "Lane"], step: ["Schritt", "Step"], until: ["bis Phase", "Until stage"], order: ["Reihenfolge", "Order"], languages: ["Sprachen", "Languages"], measured: ["gemessen", "Measured"], figure: ["Zahl", "Figure"], evidence: ["Beleg", "Evidence"],
  instrument: ["Fragetyp", "Instrument"], options: ["Antworten zur Wahl", "Options"], direction: ["gutes Ende", "Good end"], low: ["niedrigste Zahl", "Lowest number"], high: ["höchste Zahl", "Highest number"],
  low_label: ["Wort für das untere Ende", "Word for the low end"], high_label: ["Wort für das obere Ende", "Word for the high end"], outcome: ["Bedürfnis", "Need"], required: ["Pflichtfrage", "Required"],
  intro: ["Einleitung", "Introduction"], thanks: ["Dank", "Thanks"], access: ["Zugang", "Access"], anonymous: ["anonym", "Anonymous"], closes_on: ["endet am", "Ends on"], touchpoint: ["Touchpoint", "Touchpoint"],
  sentence: ["Satz", "Sentence"], kind: ["Art", "Kind"], roles: ["Rollen", "Roles"], rule: ["Regel", "Rule"], rank: ["Rang", "Rank"], held_on: ["geführt am", "Held on"], decision: ["Entscheidung", "Decision"], topics: ["Themen", "Topics"],
  ring: ["Kaufeinsicht", "Buying insight"], force: ["Kraft", "Force"], feeling: ["Stimmung", "Feeling"], note: ["Notiz", "Note"], persona: ["Persona", "Persona"], buying_role: ["Rolle beim Kauf", "Buying role"], speaker: ["Sprecher", "Speaker"],
  attendees: ["Teilnehmende", "Attendees"], minutes: ["Protokoll", "Minutes"], by: ["von", "By"], due: ["bis", "Due"],
};

/** Summaries of changes that the house makes as one, as the log keeps them. */
const SUMMARIES: readonly (readonly [RegExp, Pair])[] = [
  [/^made the \w+$/, ["angelegt", "made"]],
  [/^restored all as of revision (\d+)$/, ["alles auf Fassung $1 zurückgebracht", "brought all back to revision $1"]],
  [/^restored .+ as of revision (\d+)$/, ["eines auf Fassung $1 zurückgebracht", "brought one back to revision $1"]],
  [/^.*: (\d+) cards$/, ["aus den Daten gefüllt: $1 Karten", "filled from the data: $1 cards"]],
  [/^added (\d+) blind spots?$/, ["blinde Flecken aufgenommen: $1", "blind spots added: $1"]],
];

/** What a field of a thing is called. */
export function fieldName(field: string, language: Language): string {
  const first = field.split(".")[0] ?? "";
  return FIELDS[first]?.[at(language)] ?? columnName(first, language);
}

/** What a change did, in a reader's words: `Karte „Liest Fachartikel“: Text → „Liest Fallstudien“`. */
export function changeWords(change: Change, document: Plain, language: Language, kind: Kind = "map"): string {
  const de = language === "de";
  const named = (collection: string, id: string) => (collection ? thingName(document, collection, id, language) : KINDS[kind][at(language)]);
  switch (change.do) {
    case "set": {
      const field = change.path[0] === "translations" ? `${fieldName(change.path[2] ?? "", language)} (${change.path[1]})` : fieldName(change.path[0] ?? "", language);
      const empty = change.absent || change.value === null || change.value === undefined || change.value === "";
      return `${named(change.collection ?? "", change.id ?? "")}: ${field} ${empty ? (de ? "geleert" : "cleared") : `→ ${shown(change.value, language)}`}`;
    }
    case "add":
      return `${of(change.collection, change.thing, language)} ${de ? "hinzugefügt" : "added"}`;
    case "remove":
      return `${named(change.collection, change.id)} ${de ? "entfernt" : "removed"}`;
    case "move": {
      const place = [["stages", change.to.stage], ["lanes", change.to.lane]].flatMap(([collection, id]) => (id ? [placeName(document, collection!, id, language)] : []));
      return `${named(change.collection, change.id)} ${de ? "verschoben" : "moved"}${place.length ? ` → ${place.join(" · ")}` : ""}`;
    }
    case "link":
    case "unlink":
      return `${named(change.collection, change.id)}: ${de ? "Beleg" : "evidence"} ${change.do === "link" ? (de ? "hinzugefügt" : "added") : de ? "entfernt" : "removed"}`;
    case "feel":
      return `${de ? "Stimmung" : "Feeling"}, ${placeName(document, change.step ? "steps" : "stages", change.step || change.stage, language)}: ${change.value === null || change.value === undefined ? (de ? "Lücke" : "gap") : signed(change.value, language)}`;
    case "translate":
      return `${named(change.collection ?? "", change.id ?? "")}: ${fieldName(change.field, language)} (${change.language}) ${change.text ? `→ ${shown(change.text, language)}` : de ? "geleert" : "cleared"}`;
    case "comment":
      return `${de ? "Kommentar" : "Comment"}${change.about ? `, ${named("cards", change.about)}` : ""}: ${shown(change.text, language)}`;
    case "several":
      return several(change, document, language, kind);
  }
}

function several(change: Extract<Change, { do: "several" }>, document: Plain, language: Language, kind: Kind): string {
  for (const [pattern, pair] of SUMMARIES) if (change.summary && pattern.test(change.summary)) return change.summary.replace(pattern, pair[at(language)]);
  if (!change.changes.length) return language === "de" ? "nichts geändert" : "nothing changed";
  const first = changeWords(change.changes[0]!, document, language, kind);
  const more = change.changes.length - 1;
  return more ? `${first} ${language === "de" ? `und ${more} weitere Änderungen` : `and ${more} more changes`}` : first;
}

/** A thing by its kind and what is written on it. */
function thingName(document: Plain, collection: string, id: string, language: Language): string {
  const thing = (document[collection] as Record<string, Thing> | undefined)?.[id];
  return thing ? of(collection, thing, language) : (THINGS[collection]?.[1][at(language)] ?? id);
}

function of(collection: string, thing: Thing, language: Language): string {
  const kind = THINGS[collection]?.[0][at(language)] ?? collection;
  const text = said(thing, "text" in thing ? "text" : "quote" in thing ? "quote" : "title", language) || (collection === "speakers" ? thing.id : "");
  return text ? `${kind} ${shown(text, language)}` : kind;
}

function placeName(document: Plain, collection: string, id: string, language: Language): string {
  const thing = (document[collection] as Record<string, Thing> | undefined)?.[id];
  return (thing && said(thing, "title", language)) || id;
}

function shown(value: unknown, language: Language): string {
  if (typeof value === "boolean") return value ? (language === "de" ? "ja" : "yes") : language === "de" ? "nein" : "no";
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value.map((one) => shown(one, language)).join(", ");
  if (typeof value !== "string") return typeof value === "number" ? String(value) : JSON.stringify(value).slice(0, 80);
  const text = value.length > 81 ? `${value.slice(0, 80)}…` : value;
  return language === "de" ? `„${text}“` : `“${text}”`;
}

const at = (language: Language) => (language === "de" ? 0 : 1);
