import { nameOf } from "@/parts/names";
import { hitsOf, type Passage } from "./marks";

/** An interview as the server keeps it, and what of it is read. */

export interface Speaker {
  id: string;
  role?: string;
  buying_role?: string;
}

export interface Interview {
  id: string;
  title?: string;
  held_on?: string | null;
  decision?: string;
  personas?: string[];
  masked?: boolean;
  passages?: Record<string, Passage>;
  speakers?: Record<string, Speaker>;
}

export interface Turn {
  speaker: string;
  text: string;
  seconds: number | null;
}

/** What rests on a passage. */
export interface Use {
  kind: "map" | "persona";
  document: string;
  title: string;
  thing: string;
  text: string;
}

export const RINGS = ["trigger", "success", "barrier", "way", "criterion"];
export const FORCES = ["push", "pull", "anxiety", "habit"];

/** The codes of a passage as a filter names them: `topic:price`, `ring:barrier`, `force:push`. */
export const codesOf = (one: Passage): string[] => [...(one.topics ?? []).map((topic) => `topic:${topic.toLowerCase()}`), ...(one.ring ? [`ring:${one.ring}`] : []), ...(one.force ? [`force:${one.force}`] : [])];

/** The passages in the order in which they were said. */
export const inOrder = (passages: Record<string, Passage> | undefined): Passage[] => Object.values(passages ?? {}).sort((one, other) => one.turn - other.turn || (one.start ?? 0) - (other.start ?? 0) || (one.id < other.id ? -1 : 1));

/** The turns, by their place, that have the searched words and a passage of the code; all of them where nothing is asked. */
export function shownTurns(turns: readonly Turn[], passages: readonly Passage[], words: string, code: string): number[] {
  return turns.flatMap((turn, at) => {
    const said = !words.trim() || hitsOf(turn.text, words).length > 0;
    const coded = !code || passages.some((one) => one.turn === at && codesOf(one).includes(code));
    return said && coded ? [at] : [];
  });
}

/** The passage after (1) or before (-1) the present one, beginning anew at the end; the first where there is none. */
export function besides(passages: readonly Passage[], present: string, by: 1 | -1): Passage | undefined {
  const at = passages.findIndex((one) => one.id === present);
  if (at < 0) return by > 0 ? passages[0] : passages.at(-1);
  return passages[(at + by + passages.length) % passages.length];
}

/** Who speaks a turn: the server keeps speakers by their name in letters that ids may have. */
export const speakerOf = (interview: Interview, name: string): Speaker | undefined => interview.speakers?.[nameOf(name)];
