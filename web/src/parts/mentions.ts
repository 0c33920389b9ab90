export interface Member {
  name: string;
  shown: string;
}

/** A person named in a text: `@anna` or `@anna@firm.example`. */
export const MENTION = /(?<![\w@])(@[\p{L}\p{N}](?:[\p{L}\p{N}._@+-]*[\p{L}\p{N}])?)/u;

/** What was typed of a name after the last `@` before the caret; null where no name is being typed. */
export function begun(text: string, caret: number): string | null {
  const found = /(?:^|[^\p{L}\p{N}@])@([\p{L}\p{N}._@+-]*)$/u.exec(text.slice(0, caret));
  return found ? (found[1] ?? "") : null;
}
