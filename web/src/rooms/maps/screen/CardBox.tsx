import { useDraggable } from "@dnd-kit/core";
import { Textarea } from "@mantine/core";
import { memo, useEffect, useRef, useState } from "react";
import { useWords } from "@/words/i18n";
import { setOf } from "@/parts/documents/changes";
import { said } from "@/parts/documents/things";
import type { Card, CheckedClaim } from "../model/types";
import { CardFace, verdictOf } from "./CardFace";
import { useScreen } from "./context";

interface Props {
  card: Card;
  stop: string;
  /** Whether the Tab key stops at it; within the grid the arrows lead to it. */
  tab?: 0 | -1;
  style?: React.CSSProperties;
}

/** A card in its cell: can be chosen, edited in place and dragged. */
export function CardBox({ card, stop, tab = -1, style }: Props) {
  const screen = useScreen();
  const claim = screen.claims.get(card.id);
  const here = screen.members.filter((member) => member.card === card.id);
  let comments = 0;
  for (const comment of Object.values(screen.document.comments ?? {})) if (comment.on === card.id && !comment.done) comments += 1;
  if (screen.editing === card.id) return <Editing card={card} />;
  return (
    <Box
      card={card}
      claim={claim}
      comments={comments}
      chosen={screen.chosen === card.id}
      marked={screen.marked.has(card.id)}
      mark={screen.mark}
      evidence={screen.view === "evidence"}
      level={screen.level}
      language={screen.language}
      mayEdit={screen.mayEdit}
      here={here.map((member) => member.initials).join(" ")}
      stop={stop}
      tab={tab}
      style={style}
      choose={screen.choose}
      startEditing={screen.startEditing}
    />
  );
}

interface BoxProps {
  card: Card;
  claim: CheckedClaim | undefined;
  comments: number;
  chosen: boolean;
  marked: boolean;
  mark: (card: string) => void;
  evidence: boolean;
  level: "far" | "counts" | "cards" | "full";
  language: "de" | "en";
  mayEdit: boolean;
  here: string;
  stop: string;
  tab: 0 | -1;
  style?: React.CSSProperties;
  choose: (card: string) => void;
  startEditing: (card: string) => void;
}

const Box = memo(function Box({ card, claim, comments, chosen, marked, mark, evidence, level, language, mayEdit, here, stop, tab, style, choose, startEditing }: BoxProps) {
  const { setNodeRef, listeners, isDragging } = useDraggable({ id: card.id, disabled: !mayEdit });
  const verdict = verdictOf(claim);
  return (
    <button
      type="button"
      ref={setNodeRef}
      {...listeners}
      data-stop={stop}
      data-card={card.id}
      data-verdict={verdict}
      tabIndex={tab}
      className={`card card-${evidence ? verdict : "calm"}${chosen ? " card-chosen" : ""}${marked ? " card-marked" : ""}${isDragging ? " card-dragged" : ""}${here ? " card-shared" : ""}`}
      style={style}
      aria-pressed={chosen || marked}
      onClick={(event) => (event.ctrlKey || event.metaKey || event.shiftKey ? mark(card.id) : choose(card.id))}
      onDoubleClick={() => mayEdit && startEditing(card.id)}
    >
      {here && <span className="card-here">{here}</span>}
      <CardFace card={card} claim={claim} comments={comments} evidence={evidence} level={level} language={language} />
    </button>
  );
});

/** Editing in place: Enter keeps, Escape leaves it as it was. */
function Editing({ card }: { card: Card }) {
  const screen = useScreen();
  const { t } = useWords();
  const field = useRef<HTMLTextAreaElement>(null);
  const own = screen.document.language ?? "de";
  // Others may write on the card meanwhile: what counts is what stood there, and which revision it was, at the beginning.
  const [{ before, since }] = useState({ before: said(card, "text", screen.language), since: screen.revision });
  const over = useRef(false);
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  const keep = () => {
    if (over.current) return;
    over.current = true;
    const text = field.current?.value.trim() ?? "";
    if (text !== before) {
      const translated = screen.language !== own && card.translations?.[screen.language];
      if (translated) screen.editSince(since, { do: "translate", collection: "cards", id: card.id, language: screen.language, field: "text", text });
      else screen.editSince(since, setOf("cards", card.id, "text", text));
    }
    screen.stopEditing();
  };
  return (
    <Textarea
      ref={field}
      aria-label={t("card_text")}
      className="card-edit"
      defaultValue={before}
      autosize
      minRows={2}
      maxRows={8}
      maxLength={2000}
      onBlur={keep}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Enter" && !event.shiftKey) {
          event.preventDefault();
          keep();
        }
        if (event.key === "Escape") {
          over.current = true;
          screen.stopEditing();
        }
      }}
    />
  );
}
