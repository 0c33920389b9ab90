import { Button, Select } from "@mantine/core";
import { useState } from "react";
import { Dialog } from "@/parts/Dialog";
import { useWords } from "@/words/i18n";
import { laneKind } from "@/words/terms";
import { said, sorted } from "@/parts/documents/things";
import { type Grid } from "../model/layout";
import type { Card } from "../model/types";
import type { Change } from "@/parts/documents/changes";
import { between } from "@/parts/documents/order";
import { useScreen } from "../screen/context";
import { placeAtEnd } from "../screen/MapGrid";

/** The twin of dragging: where a card goes, or several at once, by choice. */
export function Move({ cards, grid, onClose, onMoved }: { cards: Card[]; grid: Grid; onClose: () => void; onMoved: (words: string) => void }) {
  const { t, language } = useWords();
  const screen = useScreen();
  const card = cards[0]!;
  const [column, setColumn] = useState(card.step || card.stage || "");
  const [until, setUntil] = useState(card.until || "");
  const [lane, setLane] = useState(cards.every((one) => one.lane === card.lane) ? (card.lane ?? "") : "");
  const columns = grid.columns.map((one) => ({ value: one.key, label: said(one.step ?? one.stage, "title", language) }));
  const lanes = sorted(screen.document.lanes).map((one) => ({ value: one.id, label: said(one, "title", language) || laneKind(one.kind ?? "own").title[language] }));
  const move = () => {
    const to = grid.columns.find((one) => one.key === column);
    if (!to) return;
    const last = new Map<string, string>();
    const moves: Change[] = cards.map((one) => {
      const goal = lane || (one.lane ?? "");
      const place = placeAtEnd(grid, one, { stage: to.stage.id, step: to.step?.id ?? "", lane: goal });
      const order = last.has(goal) ? between(last.get(goal)!, null) : place.order!;
      last.set(goal, order);
      return { do: "move", collection: "cards", id: one.id, to: { ...place, order, ...(cards.length === 1 ? { until } : {}) } };
    });
    screen.edit(moves.length === 1 ? moves[0]! : { do: "several", changes: moves });
    onMoved(cards.length > 1 ? t("moved_n", { n: cards.length }) : t("moved_to", { stage: columns.find((one) => one.value === column)?.label ?? "", lane: lanes.find((one) => one.value === lane)?.label ?? "" }));
    onClose();
  };
  return (
    <Dialog onClose={onClose} title={t("move_to")}>
      <div className="stack">
        <Select label={t("stage")} data={columns} value={column} onChange={(value) => value && setColumn(value)} data-autofocus />
        <Select label={t("lane")} data={lanes} value={lane || null} placeholder={t("own_lane")} clearable={cards.length > 1} onChange={(value) => setLane(value ?? (cards.length > 1 ? "" : lane))} />
        {cards.length === 1 && <Select label={t("spans_until")} data={columns} value={until || null} clearable onChange={(value) => setUntil(value ?? "")} />}
        <div className="row">
          <Button variant="filled" onClick={move}>{t("move")}</Button>
          <Button onClick={onClose}>{t("cancel")}</Button>
        </div>
      </div>
    </Dialog>
  );
}
