import { Button, Modal, Select } from "@mantine/core";
import { useState } from "react";
import { useWords } from "@/words/i18n";
import { laneKind } from "@/words/terms";
import { said, sorted, type Grid } from "../model/layout";
import type { Card } from "../model/types";
import { useScreen } from "../screen/context";
import { placeAtEnd } from "../screen/MapGrid";

/** The twin of dragging: where a card goes, by choice. */
export function Move({ card, grid, onClose, onMoved }: { card: Card; grid: Grid; onClose: () => void; onMoved: (words: string) => void }) {
  const { t, language } = useWords();
  const screen = useScreen();
  const [column, setColumn] = useState(card.step || card.stage || "");
  const [until, setUntil] = useState(card.until || "");
  const [lane, setLane] = useState(card.lane ?? "");
  const columns = grid.columns.map((one) => ({ value: one.key, label: said(one.step ?? one.stage, "title", language) }));
  const lanes = sorted(screen.document.lanes).map((one) => ({ value: one.id, label: said(one, "title", language) || laneKind(one.kind ?? "own").title[language] }));
  const move = () => {
    const to = grid.columns.find((one) => one.key === column);
    if (!to) return;
    screen.edit({ do: "move", collection: "cards", id: card.id, to: { ...placeAtEnd(grid, card, { stage: to.stage.id, step: to.step?.id ?? "", lane }), until } });
    onMoved(t("moved_to", { stage: columns.find((one) => one.value === column)?.label ?? "", lane: lanes.find((one) => one.value === lane)?.label ?? "" }));
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title={t("move_to")} closeButtonProps={{ "aria-label": t("close") }}>
      <div className="stack">
        <Select label={t("stage")} data={columns} value={column} onChange={(value) => value && setColumn(value)} data-autofocus />
        <Select label={t("lane")} data={lanes} value={lane} onChange={(value) => value && setLane(value)} />
        <Select label={t("spans_until")} data={columns} value={until || null} clearable onChange={(value) => setUntil(value ?? "")} />
        <div className="row">
          <Button variant="filled" onClick={move}>{t("move")}</Button>
          <Button onClick={onClose}>{t("cancel")}</Button>
        </div>
      </div>
    </Modal>
  );
}
