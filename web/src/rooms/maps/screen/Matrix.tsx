import { DndContext, PointerSensor, pointerWithin, useDraggable, useDroppable, useSensor, useSensors } from "@dnd-kit/core";
import { Fragment, type KeyboardEvent } from "react";
import { Empty } from "@/parts/States";
import { useWords } from "@/words/i18n";
import { opportunities, quadrant, rated, SCALE } from "../model/matrix";
import type { Card } from "../model/types";
import { CardFace } from "./CardFace";
import { useScreen } from "./context";

const CORNERS: Record<string, "matrix_quick" | "matrix_plan" | "matrix_fill" | "matrix_leave"> = { "5:1": "matrix_quick", "5:5": "matrix_plan", "1:1": "matrix_fill", "1:5": "matrix_leave" };

/** The opportunities by effort (across) and effect (up): what to do first stands at the top left. */
export function Matrix({ onTold }: { onTold: (words: string) => void }) {
  const { t } = useWords();
  const screen = useScreen();
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 5 } }));
  const { at, unrated, all } = opportunities(screen.document);
  const rate = (card: Card, effect: number, effort: number) => {
    screen.edit(rated(card, effect, effort));
    onTold(t("matrix_place", { effect: Math.max(1, Math.min(5, effect)), effort: Math.max(1, Math.min(5, effort)) }));
  };
  if (!all.length) return <div className="page"><Empty title={t("matrix_none")}>{t("matrix_none_next")}</Empty></div>;
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={pointerWithin}
      onDragEnd={({ active, over }) => {
        const card = screen.document.cards?.[String(active.id)];
        const [effect, effort] = String(over?.id ?? "").split(":").map(Number);
        if (card && effect && effort) rate(card, effect, effort);
      }}
    >
      <div className="page">
        <p className="muted">{t("matrix_about")}</p>
        <div className="table-frame" tabIndex={0} role="region" aria-label={t("as_matrix")}>
          <div className="matrix">
            {[...SCALE].reverse().map((effect) => (
              <Fragment key={effect}>
                <span className="matrix-scale">{effect === 5 ? `${t("matrix_effect")} ` : ""}{effect}</span>
                {SCALE.map((effort) => <Place key={effort} effect={effect} effort={effort} cards={at.get(`${effect}:${effort}`) ?? []} rate={rate} />)}
              </Fragment>
            ))}
            <span />
            {SCALE.map((effort) => <span key={effort} className="matrix-scale">{effort === 1 ? `${t("matrix_effort")} ` : ""}{effort}</span>)}
          </div>
        </div>
        {unrated.length > 0 && (
          <section className="section">
            <h2>{t("matrix_unrated")}</h2>
            <div className="matrix-unrated">{unrated.map((card) => <Opportunity key={card.id} card={card} rate={rate} />)}</div>
          </section>
        )}
      </div>
    </DndContext>
  );
}

type Rate = (card: Card, effect: number, effort: number) => void;

function Place({ effect, effort, cards, rate }: { effect: number; effort: number; cards: Card[]; rate: Rate }) {
  const { t } = useWords();
  const { setNodeRef, isOver } = useDroppable({ id: `${effect}:${effort}` });
  const corner = CORNERS[`${effect}:${effort}`];
  return (
    <div ref={setNodeRef} className={`matrix-place matrix-${quadrant(effect, effort)}${isOver ? " cell-over" : ""}`} role="group" aria-label={t("matrix_place", { effect, effort })}>
      {corner && <span className="small muted strong">{t(corner)}</span>}
      {cards.map((card) => <Opportunity key={card.id} card={card} rate={rate} />)}
    </div>
  );
}

function Opportunity({ card, rate }: { card: Card; rate: Rate }) {
  const { language } = useWords();
  const screen = useScreen();
  const { setNodeRef, listeners, transform } = useDraggable({ id: card.id, disabled: !screen.mayEdit });
  const onKey = (event: KeyboardEvent) => {
    if (!screen.mayEdit || !event.altKey || !event.key.startsWith("Arrow")) return;
    event.preventDefault();
    const [effect, effort] = [card.effect ?? 3, card.effort ?? 3];
    rate(card, effect + (event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0), effort + (event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0));
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-card="${card.id}"]`)?.focus());
  };
  return (
    <button
      type="button"
      ref={setNodeRef}
      {...listeners}
      data-card={card.id}
      className={`card card-calm${screen.chosen === card.id ? " card-chosen" : ""}`}
      style={transform ? { transform: `translate(${transform.x}px, ${transform.y}px)`, zIndex: 5 } : undefined}
      onClick={() => screen.choose(card.id)}
      onKeyDown={onKey}
    >
      <CardFace card={card} claim={screen.claims.get(card.id)} comments={0} evidence={false} level="cards" language={language} />
    </button>
  );
}
