import { sorted } from "@/parts/documents/things";
import type { Card, Check, CheckedClaim, Comment, Feeling, Lane, MapDocument, Stage, Step } from "./types";

/** A column of the grid: a stage, or a step of one. */
export interface Column {
  key: string;
  stage: Stage;
  step: Step | null;
  first: boolean;
  span: number;
}

export interface Cell {
  lane: Lane;
  column: Column;
  cards: Card[];
}

export interface Row {
  lane: Lane;
  cells: Cell[];
  spanning: { card: Card; from: number; to: number }[];
}

export interface Grid {
  columns: Column[];
  rows: Row[];
  lost: Card[];
}

/** Columns, lanes and what stands in each cell. What has lost its stage or lane is told apart, never dropped. */
export function gridOf(document: MapDocument, showHidden = false): Grid {
  const columns = columnsOf(document);
  const lanes = sorted(document.lanes).filter((lane) => showHidden || !lane.hidden);
  const at = new Map(columns.map((column, index) => [column.key, index]));
  const rows: Row[] = lanes.map((lane) => ({ lane, cells: columns.map((column) => ({ lane, column, cards: [] })), spanning: [] }));
  const rowOf = new Map(rows.map((row) => [row.lane.id, row]));
  const hidden = new Set(sorted(document.lanes).filter((lane) => lane.hidden).map((lane) => lane.id));
  const lost: Card[] = [];
  for (const card of sorted(document.cards)) {
    const row = rowOf.get(card.lane ?? "");
    const from = placeOf(card.stage, card.step, columns, at);
    if (!row || from === undefined) {
      if (!hidden.has(card.lane ?? "")) lost.push(card);
      continue;
    }
    const to = card.until ? (at.get(card.until) ?? lastOf(card.until, columns) ?? from) : from;
    if (to > from) row.spanning.push({ card, from, to });
    else row.cells[from]!.cards.push(card);
  }
  return { columns, rows, lost };
}

export function columnsOf(document: MapDocument): Column[] {
  const steps = document.columns && document.columns !== "stage" ? sorted(document.steps) : [];
  return sorted(document.stages).flatMap((stage): Column[] => {
    const own = steps.filter((step) => step.stage === stage.id);
    if (!own.length) return [{ key: stage.id, stage, step: null, first: true, span: 1 }];
    return own.map((step, index) => ({ key: step.id, stage, step, first: index === 0, span: own.length }));
  });
}

function placeOf(stage: string | undefined, step: string | undefined, columns: Column[], at: Map<string, number>): number | undefined {
  const own = step ? at.get(step) : undefined;
  if (own !== undefined) return own;
  const found = columns.findIndex((column) => column.stage.id === stage);
  return found < 0 ? undefined : found;
}

function lastOf(stage: string, columns: Column[]): number | undefined {
  const found = columns.findLastIndex((column) => column.stage.id === stage);
  return found < 0 ? undefined : found;
}

/** A text of a thing in a language; the document's own where there is no translation. */
export function claimsByCard(check: Check | undefined): Map<string, CheckedClaim> {
  return new Map((check?.claims ?? []).map((claim) => [claim.card, claim]));
}

export function commentsOn(document: MapDocument, id: string): Comment[] {
  return Object.values(document.comments ?? {})
    .filter((comment) => (comment.on ?? "") === id)
    .sort((one, other) => String(one.at ?? "").localeCompare(String(other.at ?? "")));
}

/** The points of the curve by column, of one way of knowing and one persona; no point is a gap. */
export function pointsOf(document: MapDocument, columns: Column[], how: string, persona: string): (Feeling | null)[] {
  const all = Object.values(document.feelings ?? {}).filter((point) => (point.how ?? "hand") === how && (point.persona ?? "") === persona);
  return columns.map((column) => all.find((point) => (column.step ? point.step === column.step.id : !point.step && point.stage === column.stage.id)) ?? null);
}

/** Runs of neighbours that are there: what lies between two runs is a gap, never bridged. */
export function runs<T>(points: (T | null)[]): { at: number; point: T }[][] {
  const found: { at: number; point: T }[][] = [];
  let run: { at: number; point: T }[] = [];
  points.forEach((point, at) => {
    if (point !== null) run.push({ at, point });
    else if (run.length) {
      found.push(run);
      run = [];
    }
  });
  if (run.length) found.push(run);
  return found;
}
