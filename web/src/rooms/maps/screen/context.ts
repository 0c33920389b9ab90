import { createContext, useContext } from "react";
import type { Change } from "@/parts/documents/changes";
import type { Member } from "../model/live";
import type { BlindSpot, Card, Check, CheckedClaim, MapDocument } from "../model/types";
import type { Behind } from "@/parts/FigureView";
import type { Row } from "@/wire/result";
import type { Figure } from "@/words/figures";
import type { Level } from "./look";

/** What every piece of the map screen may ask and do. */
export interface Screen {
  document: MapDocument;
  mayEdit: boolean;
  mayComment: boolean;
  view: "design" | "evidence";
  level: Level;
  language: "de" | "en";
  claims: Map<string, CheckedClaim>;
  check: Check | undefined;
  stages: Map<string, StageFigures>;
  members: Member[];
  chosen: string;
  /** Cards that were taken together, to be moved or changed at once. */
  marked: ReadonlySet<string>;
  mark: (card: string) => void;
  editing: string;
  revision: number;
  edit: (...changes: Change[]) => void;
  /** Does changes that were begun at an earlier revision. */
  editSince: (since: number, ...changes: Change[]) => void;
  choose: (card: string) => void;
  startEditing: (card: string) => void;
  stopEditing: () => void;
  addCard: (stage: string, step: string, lane: string) => void;
  moveCard: (card: Card) => void;
  takeBlindSpot: (id: string) => void;
  openStage: (stage: string, figure: string) => void;
  openBlindSpot: (spot: BlindSpot) => void;
}

/** What the evidence counts of a stage. */
export interface StageFigures {
  journeys: number;
  moved_on: Figure | null;
  median_days: Figure | null;
  /** The row of the answer that they are of, and what travels with it. */
  row: Row;
  behind: Behind;
}

const Context = createContext<Screen | null>(null);
export const ScreenProvider = Context.Provider;

export function useScreen(): Screen {
  const found = useContext(Context);
  if (!found) throw new Error("outside of the map screen");
  return found;
}
