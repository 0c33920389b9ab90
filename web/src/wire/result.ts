import type { Figure } from "@/words/figures";

/** What an analysis answers: `Result.to_dict()` with its drawing, columns and notes. */
export type Cell = string | number | boolean | null | Figure | string[] | Record<string, unknown>;
export type Row = Record<string, Cell>;

export interface Recipe {
  name: string;
  version: number;
  words: string;
  said?: Record<string, string>;
}

/** The words of a recipe in the reader's language. */
export const recipeWords = (recipe: Recipe, language: string): string => recipe.said?.[language] ?? recipe.words;

export interface Result {
  analysis: string;
  recipe: Recipe;
  columns?: string[];
  brief?: string[];
  rows: Row[];
  population?: Record<string, unknown>;
  period?: { from: string | null; to: string | null };
  as_of?: string | null;
  caveats?: string[];
  sql?: string;
  headline?: { words: string; value: number | Figure }[];
  drawing?: Record<string, unknown> | null;
}

export interface Rows {
  columns?: string[];
  rows: Row[];
  n?: number;
  total?: number;
  more?: boolean;
}

/** The columns in order; an answer without them has those of its rows. */
export function columnsOf(result: { columns?: string[]; rows: Row[] }): string[] {
  if (result.columns?.length) return result.columns;
  return [...new Set(result.rows.flatMap((row) => Object.keys(row)))];
}
