import { DndContext, DragOverlay, KeyboardSensor, PointerSensor, pointerWithin, useDroppable, useSensor, useSensors, type DragEndEvent } from "@dnd-kit/core";
import { memo, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode, type RefObject } from "react";
import { useWords } from "@/words/i18n";
import { laneKind } from "@/words/terms";
import { shapeOf, VERDICTS } from "@/parts/Verdict";
import { said, sorted } from "@/parts/documents/things";
import { gridOf, type Cell, type Column, type Grid, type Row } from "../model/layout";
import { between } from "@/parts/documents/order";
import type { Card } from "../model/types";
import { BlindSpots } from "./BlindSpots";
import { CardBox } from "./CardBox";
import { CardFace } from "./CardFace";
import { useScreen } from "./context";
import { FeelingsLane } from "./FeelingsLane";
import { LaneName } from "./LaneName";
import { StageHead } from "./StageHead";
import { TimeLine } from "./TimeLine";

interface Props {
  grid: Grid;
  width: number;
  frame: RefObject<HTMLDivElement | null>;
  onKey: (event: KeyboardEvent, card: Card | undefined, cell: Cell | undefined) => boolean;
}

/** The map itself: stages across, lanes down, both in sight while one scrolls; one tab stop, arrows inside. */
export function MapGrid({ grid, width, frame, onKey }: Props) {
  const { t, language } = useWords();
  const screen = useScreen();
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 5 } }), useSensor(KeyboardSensor, { keyboardCodes: { start: [], cancel: ["Escape"], end: [] } }));
  const [dragged, setDragged] = useState<Card | null>(null);
  const stop = useRef("");
  const within = useRef(false);
  // Where the focused card goes (taken back, deleted, moved by somebody else), the keys work on at its place.
  useLayoutEffect(() => {
    if (within.current && document.activeElement === document.body) frame.current?.focus({ preventScroll: true });
  }, [grid, screen.editing, frame]);
  const columns = { gridTemplateColumns: `var(--lane) repeat(${grid.columns.length}, ${width}px)` };
  const stages = sorted(screen.document.stages);

  const drop = (event: DragEndEvent) => {
    setDragged(null);
    const card = screen.document.cards?.[String(event.active.id)];
    const over = event.over?.data.current as { stage: string; step: string; lane: string } | undefined;
    if (!card || !over) return;
    if (over.stage === card.stage && over.step === (card.step ?? "") && over.lane === card.lane) return;
    screen.edit({ do: "move", collection: "cards", id: card.id, to: placeAtEnd(grid, card, over) });
  };

  return (
    <DndContext sensors={sensors} collisionDetection={pointerWithin} onDragStart={(event) => setDragged(screen.document.cards?.[String(event.active.id)] ?? null)} onDragEnd={drop} onDragCancel={() => setDragged(null)} autoScroll={{ threshold: { x: 0.06, y: 0.06 } }}>
      <div
        ref={frame}
        className="map-frame"
        role="grid"
        aria-label={t("map_grid", { title: said(screen.document, "title", language) })}
        aria-rowcount={grid.rows.length + 1}
        aria-colcount={grid.columns.length + 1}
        tabIndex={0}
        onKeyDown={(event) => {
          if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement || event.target instanceof SVGElement) return;
          const at = frame.current?.querySelector<HTMLElement>(`[data-stop="${stop.current}"]`) ?? null;
          const card = document.activeElement instanceof HTMLElement ? screen.document.cards?.[document.activeElement.dataset.card ?? ""] : undefined;
          if (onKey(event, card, cellOf(grid, stop.current))) return;
          if (walk(event, grid, frame.current, at)) event.preventDefault();
        }}
        onBlur={() => (within.current = false)}
        onFocus={(event) => {
          within.current = true;
          const found = (event.target as HTMLElement).closest<HTMLElement>("[data-stop]")?.dataset.stop;
          if (found !== undefined) stop.current = found;
          else if (event.target === event.currentTarget && stop.current) frame.current?.querySelector<HTMLElement>(`[data-stop="${stop.current}"]`)?.focus({ preventScroll: true });
        }}
      >
        <div className="map-inner" style={{ minWidth: `calc(var(--lane) + ${grid.columns.length * width}px)` }}>
          <div className="map-head" role="row" style={columns}>
            <div className="map-corner" role="columnheader">
              <span className="hidden">{t("lanes")}</span>
            </div>
            {grid.columns.map((column) => (
              <StageHead key={column.key} column={column} />
            ))}
          </div>
          <div className="lane lane-time" role="row" style={columns}>
            <div className="lane-name" role="rowheader">
              <span className="lane-title">{t("timeline")}</span>
              <span className="lane-about">{t("timeline_about")}</span>
            </div>
            <div role="gridcell" aria-colspan={grid.columns.length} style={{ gridColumn: `2 / span ${grid.columns.length}` }}>
              <TimeLine stages={stages} width={grid.columns.length * width} />
            </div>
          </div>
          {grid.rows.map((row, at) => (
            <LaneRow key={row.lane.id} row={row} at={at} columns={grid.columns} width={width} template={columns.gridTemplateColumns} />
          ))}
        </div>
      </div>
      <DragOverlay dropAnimation={null}>
        {dragged && (
          <div className="card card-calm card-ghost" style={{ width: width - 16 }}>
            <CardFace card={dragged} claim={screen.claims.get(dragged.id)} comments={0} evidence={false} level={screen.level} language={language} />
          </div>
        )}
      </DragOverlay>
    </DndContext>
  );
}

function LaneRow({ row, at, columns, width, template }: { row: Row; at: number; columns: Column[]; width: number; template: string }) {
  const { language } = useWords();
  const kind = row.lane.kind ?? "own";
  const { level } = useScreen();
  const spans = row.spanning.length > 0 && level !== "far" && level !== "counts";
  return (
    <div className={`lane lane-${kind}`} role="row" style={{ gridTemplateColumns: template }}>
      <LaneName lane={row.lane} rows={spans ? 2 : 1} />
      {kind === "feelings" ? (
        <div role="gridcell" aria-colspan={columns.length} style={{ gridColumn: `2 / span ${columns.length}` }}>
          <FeelingsLane columns={columns} width={width} />
        </div>
      ) : (
        <>
          {spans &&
            row.spanning.map(({ card, from, to }) => (
              <div key={card.id} role="gridcell" aria-colspan={to - from + 1} className="cell-span" style={{ gridColumn: `${from + 2} / span ${to - from + 1}`, gridRow: 1 }}>
                <CardBox card={card} stop={`${at}:${from}:s${card.id}`} />
              </div>
            ))}
          {row.cells.map((cell, index) => (
            <CellBox key={cell.column.key} cell={cell} row={at} column={index} language={language} second={spans} />
          ))}
        </>
      )}
    </div>
  );
}

const CellBox = memo(function CellBox({ cell, row, column, language, second }: { cell: Cell; row: number; column: number; language: "de" | "en"; second: boolean }) {
  const { t } = useWords();
  const screen = useScreen();
  const { stage, step } = cell.column;
  const { setNodeRef, isOver } = useDroppable({ id: `${cell.lane.id}|${cell.column.key}`, data: { stage: stage.id, step: step?.id ?? "", lane: cell.lane.id } });
  const name = `${said(cell.lane, "title", language) || laneKind(cell.lane.kind ?? "own").title[language]}, ${said(step ?? stage, "title", language)}`;
  const add = () => screen.addCard(stage.id, step?.id ?? "", cell.lane.id);
  const coarse = screen.level === "far" || screen.level === "counts";
  return (
    <div ref={setNodeRef} role="gridcell" className={`cell${isOver ? " cell-over" : ""}`} style={second ? { gridRow: 2, gridColumn: column + 2 } : undefined}>
      <span className="hidden">{name}</span>
      {coarse ? <Heat cards={cell.cards} stop={`${row}:${column}:0`} name={name} /> : cell.cards.map((card, number) => <CardBox key={card.id} card={card} stop={`${row}:${column}:${number}`} />)}
      {!coarse && cell.lane.kind === "touchpoints" && screen.view === "evidence" && cell.column.first && <BlindSpots stage={stage.id} />}
      {!coarse && screen.mayEdit && (
        <button type="button" className="cell-add" data-stop={`${row}:${column}:${cell.cards.length}`} tabIndex={-1} onClick={add} aria-label={t("add_card_to", { name })}>
          {t("add_card")}
        </button>
      )}
      {!coarse && !screen.mayEdit && !cell.cards.length && <span className="cell-none" data-stop={`${row}:${column}:0`} tabIndex={-1} role="note" aria-label={t("cell_empty", { name })} />}
    </div>
  );
});

/** From afar a cell is a strip of verdicts with a count. */
function Heat({ cards, stop, name }: { cards: Card[]; stop: string; name: string }): ReactNode {
  const { t } = useWords();
  const screen = useScreen();
  if (!cards.length) return <span className="cell-none" data-stop={stop} tabIndex={-1} role="note" aria-label={t("cell_empty", { name })} />;
  const count = new Map<string, number>();
  for (const card of cards) {
    const verdict = screen.claims.get(card.id)?.verdict ?? "none";
    count.set(verdict, (count.get(verdict) ?? 0) + 1);
  }
  return (
    <div className="heat" data-stop={stop} tabIndex={-1} role="note" aria-label={`${name}: ${t("cards_n", { n: cards.length })}`}>
      <span className="strong">{cards.length}</span>
      {[...VERDICTS, "none" as const].map((verdict) =>
        count.get(verdict) ? (
          <span key={verdict} className={`heat-part heat-${verdict}`} style={{ flexGrow: count.get(verdict) }}>
            {verdict !== "none" && screen.level === "counts" ? shapeOf(verdict) : ""}
          </span>
        ) : null,
      )}
    </div>
  );
}

export function placeAtEnd(grid: Grid, card: Card, to: { stage: string; step: string; lane: string }): Record<string, string> {
  const cards = grid.rows.find((row) => row.lane.id === to.lane)?.cells.find((cell) => cell.column.stage.id === to.stage && (cell.column.step?.id ?? "") === to.step)?.cards ?? [];
  const last = cards.filter((one) => one.id !== card.id).at(-1)?.order ?? null;
  return { stage: to.stage, step: to.step, lane: to.lane, order: between(last, null) };
}

function cellOf(grid: Grid, stop: string): Cell | undefined {
  const [row, column] = stop.split(":").map(Number);
  return grid.rows[row ?? -1]?.cells[column ?? -1];
}

/** Moves the focus by arrows, Home, End, Page keys; with Ctrl to the next cell that holds something. */
function walk(event: KeyboardEvent, grid: Grid, frame: HTMLElement | null, at: HTMLElement | null): boolean {
  if (!frame || event.altKey || event.metaKey) return false;
  const stops = [...frame.querySelectorAll<HTMLElement>("[data-stop]")];
  if (!stops.length) return false;
  const [row = 0, column = 0] = (at?.dataset.stop ?? "0:0:0").split(":").map(Number);
  const within = (r: number, c: number) => stops.filter((one) => one.dataset.stop!.startsWith(`${r}:${c}:`));
  const go = (target: HTMLElement | undefined) => {
    if (!target) return false;
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "nearest", inline: "nearest" });
    return true;
  };
  const seek = (dr: number, dc: number) => {
    let [r, c] = [row, column];
    for (;;) {
      [r, c] = [r + dr, c + dc];
      if (r < 0 || c < 0 || r >= grid.rows.length || c >= grid.columns.length) return undefined;
      const found = within(r, c);
      if (found.length && (!event.ctrlKey || found.some((one) => one.dataset.card))) return dr < 0 ? found.at(-1) : found[0];
    }
  };
  if (!at) return event.key.startsWith("Arrow") ? go(stops[0]) : false;
  const same = within(row, column);
  const place = same.indexOf(at);
  switch (event.key) {
    case "ArrowDown":
      return go(event.ctrlKey ? seek(1, 0) : (same[place + 1] ?? seek(1, 0)));
    case "ArrowUp":
      return go(event.ctrlKey ? seek(-1, 0) : (same[place - 1] ?? seek(-1, 0)));
    case "ArrowRight":
      return go(seek(0, 1));
    case "ArrowLeft":
      return go(seek(0, -1));
    case "Home":
      return go(event.ctrlKey ? stops[0] : within(row, 0)[0]);
    case "End":
      return go(event.ctrlKey ? stops.at(-1) : within(row, grid.columns.length - 1)[0]);
    case "PageDown":
      return go(within(Math.min(grid.rows.length - 1, row + 5), column)[0]);
    case "PageUp":
      return go(within(Math.max(0, row - 5), column)[0]);
    default:
      return false;
  }
}

export { gridOf };
