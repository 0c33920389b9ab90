/** A coded passage and where it stands in the words of its turn. */
export interface Passage {
  id: string;
  turn: number;
  start?: number;
  end?: number;
  quote?: string;
  ring?: string;
  force?: string;
  topics?: readonly string[];
  stage?: string;
  persona?: string;
  feeling?: number | null;
  note?: string;
}

export interface Piece {
  text: string;
  passages: Passage[];
  /** It is part of what is searched for. */
  hit: boolean;
}

/** The words of a turn cut where passages and hits of a search begin and end; overlapping passages share their pieces. */
export function piecesOf(text: string, passages: readonly Passage[], hits: readonly (readonly [number, number])[] = []): Piece[] {
  const cuts = [...new Set([0, text.length, ...passages.flatMap((one) => [one.start ?? 0, one.end ?? 0]), ...hits.flat()])].filter((at) => at >= 0 && at <= text.length).sort((a, b) => a - b);
  return cuts.slice(0, -1).map((from, at) => {
    const to = cuts[at + 1]!;
    return { text: text.slice(from, to), passages: passages.filter((one) => (one.start ?? 0) <= from && (one.end ?? 0) >= to), hit: hits.some(([start, end]) => start <= from && end >= to) };
  });
}

/** Where words stand in a text, in any case. */
export function hitsOf(text: string, words: string): [number, number][] {
  const asked = words.trim().toLowerCase();
  if (!asked) return [];
  const found: [number, number][] = [];
  // Letters such as İ are longer in small, and places would not fit: there the case counts.
  const within = text.toLowerCase().length === text.length ? text.toLowerCase() : text;
  for (let at = within.indexOf(asked); at >= 0; at = within.indexOf(asked, at + asked.length)) found.push([at, at + asked.length]);
  return found;
}

/** Where a selection of the browser lies in a turn's words, without the blanks at its ends. */
export function placeOf(turn: HTMLElement, range: Range): { start: number; end: number } | null {
  const before = document.createRange();
  before.selectNodeContents(turn);
  before.setEnd(range.startContainer, range.startOffset);
  const start = before.toString().length;
  const words = range.toString();
  const lead = words.length - words.trimStart().length;
  const end = start + words.trimEnd().length;
  return end > start + lead ? { start: start + lead, end } : null;
}
