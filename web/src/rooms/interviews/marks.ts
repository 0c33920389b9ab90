/** A coded passage and where it stands in the words of its turn. */
export interface Passage {
  id: string;
  turn: number;
  start?: number;
  end?: number;
  quote?: string;
  ring?: string;
  force?: string;
  topics?: string[];
  stage?: string;
  feeling?: number | null;
  note?: string;
}

export interface Piece {
  text: string;
  passages: Passage[];
}

/** The words of a turn cut where passages begin and end; overlapping passages share their pieces. */
export function piecesOf(text: string, passages: Passage[]): Piece[] {
  const cuts = [...new Set([0, text.length, ...passages.flatMap((one) => [one.start ?? 0, one.end ?? 0])])].filter((at) => at >= 0 && at <= text.length).sort((a, b) => a - b);
  return cuts.slice(0, -1).map((from, at) => {
    const to = cuts[at + 1]!;
    return { text: text.slice(from, to), passages: passages.filter((one) => (one.start ?? 0) <= from && (one.end ?? 0) >= to) };
  });
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
