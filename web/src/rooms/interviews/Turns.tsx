import { useEffect } from "react";
import { useWords } from "@/words/i18n";
import { speakerOf, type Interview, type Turn, type Use } from "./interview";
import { labelOf } from "./labels";
import { hitsOf, piecesOf, placeOf, type Passage } from "./marks";

export interface Mark {
  turn: number;
  start: number;
  end: number;
  quote: string;
}

interface Props {
  interview: Interview;
  turns: readonly Turn[];
  /** The turns that are shown, by their place. */
  shown: readonly number[];
  passages: readonly Passage[];
  uses: Record<string, Use[]>;
  words: string;
  present: string;
  /** A panel stands beside it. */
  beside: boolean;
  may: boolean;
  onMark: (mark: Mark) => void;
  onOpen: (passage: Passage) => void;
  onRemove: (passage: Passage) => void;
}

/** What was said, turn by turn, with its passages marked: words marked with the mouse are coded, a passage opens. */
export function Turns({ interview, turns, shown, passages, uses, words, present, beside, may, onMark, onOpen, onRemove }: Props) {
  const { t, language } = useWords();
  useEffect(() => {
    if (present) document.getElementById(`passage-${present}`)?.scrollIntoView({ block: "center" });
  }, [present]);
  const select = () => {
    const selection = window.getSelection();
    if (!may || !selection || selection.isCollapsed || !selection.rangeCount) return;
    const range = selection.getRangeAt(0);
    const turn = (range.startContainer.parentElement as HTMLElement | null)?.closest<HTMLElement>("[data-turn]");
    if (!turn || !turn.contains(range.endContainer)) return;
    const place = placeOf(turn, range);
    if (place) onMark({ turn: Number(turn.dataset.turn), ...place, quote: (turns[Number(turn.dataset.turn)]?.text ?? "").slice(place.start, place.end) });
  };
  const begun = new Set<string>();
  const idOf = (one: Passage) => {
    if (begun.has(one.id)) return undefined;
    begun.add(one.id);
    return `passage-${one.id}`;
  };
  return (
    <div className={`interview${beside ? " interview-beside" : ""}`} onMouseUp={select}>
      {shown.map((at) => {
        const turn = turns[at]!;
        const own = passages.filter((one) => one.turn === at);
        return (
          <div key={at} className={`turn turn-${speakerOf(interview, turn.speaker)?.role ?? ""}`}>
            <p className="turn-speaker muted">
              {turn.speaker}
              {may && <button type="button" className="link small turn-code noprint" onClick={() => onMark({ turn: at, start: 0, end: turn.text.length, quote: turn.text })}>{t("code_turn")}</button>}
            </p>
            <p className="turn-text" data-turn={at}>
              {piecesOf(turn.text, own, hitsOf(turn.text, words)).map((piece, index) => {
                const [first] = piece.passages;
                const text = piece.hit ? <span className="turn-hit">{piece.text}</span> : piece.text;
                if (!first) return <span key={index}>{text}</span>;
                const open = () => window.getSelection()?.isCollapsed !== false && onOpen(first);
                return (
                  <mark
                    key={index} id={idOf(first)} role="button" tabIndex={0} className={piece.passages.some((one) => one.id === present) ? "mark-present" : ""} title={piece.passages.map((one) => labelOf(one, language)).join("; ")}
                    onClick={open} onKeyDown={(event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); onOpen(first); } }}
                  >
                    {text}
                  </mark>
                );
              })}
            </p>
            <ul className="turn-codes">
              {own.map((one) => (
                <li key={one.id} className="small">
                  <button type="button" className="link" onClick={() => onOpen(one)}>{labelOf(one, language) || t("coded_passage")}</button>
                  {Boolean(uses[one.id]?.length) && <span className="muted"> ● {t("used_n", { n: uses[one.id]!.length })}</span>}
                  {may && <button type="button" className="link small noprint" onClick={() => onRemove(one)} aria-label={t("remove_code", { code: labelOf(one, language) })}> ✕</button>}
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </div>
  );
}
