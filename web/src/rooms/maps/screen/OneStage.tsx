import { DndContext } from "@dnd-kit/core";
import { useRef, type KeyboardEvent, type RefObject, type TouchEvent } from "react";
import { useWords } from "@/words/i18n";
import { laneKind } from "@/words/terms";
import { said } from "@/parts/documents/things";
import { type Cell, type Grid } from "../model/layout";
import type { Card } from "../model/types";
import { BlindSpots } from "./BlindSpots";
import { CardBox } from "./CardBox";
import { useScreen } from "./context";
import { FeelingsLane } from "./FeelingsLane";
import { StageFiguresView } from "./StageHead";
import { StageDays } from "./TimeLine";
import { useWidth } from "./useWidth";
import "./onestage.css";

interface Props {
  grid: Grid;
  at: number;
  frame: RefObject<HTMLDivElement | null>;
  onStep: (to: number) => void;
  onWhole: () => void;
  onKey: (event: KeyboardEvent, card: Card | undefined, cell: Cell | undefined) => boolean;
}

/** How far a finger moves across, and how much more across than down, before it turns the page. */
const SWIPE = 56;

/** The map on a narrow screen: a stage at a time, its lanes below each other; on by a swipe, the arrows or the buttons. */
export function OneStage({ grid, at, frame, onStep, onWhole, onKey }: Props) {
  const { t, language } = useWords();
  const screen = useScreen();
  const from = useRef<{ x: number; y: number } | null>(null);
  const [width, measured] = useWidth();
  const column = grid.columns[at];
  if (!column) return null;
  const last = grid.columns.length - 1;
  const go = (to: number) => to >= 0 && to <= last && onStep(to);
  const title = (index: number) => said(grid.columns[index]!.step ?? grid.columns[index]!.stage, "title", language);

  const lift = (event: TouchEvent) => {
    const [start, end] = [from.current, event.changedTouches[0]];
    from.current = null;
    if (!start || !end) return;
    const [x, y] = [end.clientX - start.x, end.clientY - start.y];
    if (Math.abs(x) > SWIPE && Math.abs(x) > 2 * Math.abs(y)) go(at + (x < 0 ? 1 : -1));
  };
  const press = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    if (target.closest("input, textarea, select, svg")) return;
    const card = screen.document.cards?.[target.dataset.card ?? ""];
    const cell = grid.rows[Number(target.closest<HTMLElement>("[data-lane]")?.dataset.lane ?? -1)]?.cells[at];
    if (onKey(event, card, cell) || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowRight" || event.key === "ArrowLeft") go(at + (event.key === "ArrowRight" ? 1 : -1));
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") walk(frame.current, target, event.key === "ArrowDown" ? 1 : -1);
    else return;
    event.preventDefault();
  };

  return (
    <DndContext sensors={[]}>
      <div className="onestage" ref={frame} tabIndex={0} role="group" aria-label={t("map_grid", { title: said(screen.document, "title", language) })} onKeyDown={press} onTouchStart={(event) => { const touch = event.touches[0]; from.current = event.touches.length === 1 && touch ? { x: touch.clientX, y: touch.clientY } : null; }} onTouchEnd={lift}>
        <div className="onestage-head">
          <button type="button" disabled={at === 0} onClick={() => go(at - 1)} aria-label={at === 0 ? t("stage_before") : `${t("stage_before")}: ${title(at - 1)}`}>‹</button>
          <select aria-label={t("stage")} value={at} onChange={(event) => onStep(Number(event.currentTarget.value))}>
            {grid.columns.map((one, index) => <option key={one.key} value={index}>{`${index + 1}/${last + 1} · ${title(index)}`}</option>)}
          </select>
          <button type="button" disabled={at === last} onClick={() => go(at + 1)} aria-label={at === last ? t("stage_after") : `${t("stage_after")}: ${title(at + 1)}`}>›</button>
          <button type="button" className="onestage-whole" onClick={onWhole}>{t("whole_map")}</button>
        </div>
        <p className="hidden" role="status">{title(at)}</p>
        <div ref={measured}>
          <h2 className="hidden">{title(at)}</h2>
          <div className="onestage-about muted">
            {screen.view === "evidence" && <StageFiguresView stage={column.stage} />}
            {screen.view === "design" && column.stage.milestone && <span>{said(column.stage, "milestone", language)}</span>}
            <StageDays stage={column.stage} />
          </div>
          {grid.rows.map((row, index) => {
            const kind = row.lane.kind ?? "own";
            const name = said(row.lane, "title", language) || laneKind(kind).title[language];
            const cell = row.cells[at]!;
            const spanning = row.spanning.filter((one) => one.from <= at && at <= one.to);
            const cards = [...spanning.map((one) => one.card), ...cell.cards];
            return (
              <section key={row.lane.id} className="onestage-lane" data-lane={index} aria-label={name}>
                <h3>{name}</h3>
                {kind === "feelings" ? (
                  <>
                    <span className="onestage-here" style={{ left: (at * width) / grid.columns.length, width: width / grid.columns.length }} />
                    {width > 0 && <FeelingsLane columns={grid.columns} width={width / grid.columns.length} />}
                  </>
                ) : (
                  <div className="onestage-cards">
                    {cards.map((card, number) => <CardBox key={card.id} card={card} stop={`${index}:${at}:${number}`} tab={0} />)}
                    {kind === "touchpoints" && screen.view === "evidence" && column.first && <BlindSpots stage={column.stage.id} />}
                    {!cards.length && !screen.mayEdit && <p className="muted small">{t("no_card_yet")}</p>}
                    {screen.mayEdit && (
                      <button type="button" className="link onestage-add" onClick={() => screen.addCard(column.stage.id, column.step?.id ?? "", row.lane.id)} aria-label={t("add_card_to", { name: `${name}, ${title(at)}` })}>
                        {t("add_card")}
                      </button>
                    )}
                  </div>
                )}
              </section>
            );
          })}
        </div>
      </div>
    </DndContext>
  );
}

/** Up and down from card to card. */
function walk(frame: HTMLElement | null, from: HTMLElement, by: number): void {
  const stops = [...(frame?.querySelectorAll<HTMLElement>("[data-stop], .onestage-add") ?? [])];
  const at = stops.indexOf(from);
  const next = stops[at < 0 ? (by > 0 ? 0 : stops.length - 1) : at + by];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
}
