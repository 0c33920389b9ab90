import { useEffect, useRef, useState } from "react";
import { Verdict } from "@/parts/Verdict";
import { useWords } from "@/words/i18n";
import { laneKind } from "@/words/terms";
import { said } from "@/parts/documents/things";
import { type Grid } from "../model/layout";
import { ClaimLine } from "./CardFace";
import { useScreen } from "./context";

/** One stage at a time, large enough for a wall; arrows walk, Escape ends. */
export function Present({ grid, onClose }: { grid: Grid; onClose: () => void }) {
  const { t, language } = useWords();
  const screen = useScreen();
  const [at, setAt] = useState(0);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    place.current?.focus();
    void document.documentElement.requestFullscreen?.().catch(() => undefined);
    return () => {
      if (document.fullscreenElement) void document.exitFullscreen().catch(() => undefined);
      before?.focus();
    };
  }, []);
  const column = grid.columns[at];
  if (!column) return null;
  return (
    <div
      ref={place}
      className="present"
      role="dialog"
      aria-modal="true"
      aria-label={t("present")}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
        if (event.key === "ArrowRight" || event.key === " ") setAt(Math.min(at + 1, grid.columns.length - 1));
        if (event.key === "ArrowLeft") setAt(Math.max(at - 1, 0));
      }}
    >
      <header className="row">
        <h1 className="grow">{said(column.step ?? column.stage, "title", language)}</h1>
        <span className="muted">{at + 1} / {grid.columns.length}</span>
        <button type="button" className="link" onClick={onClose}>{t("close")}</button>
      </header>
      {column.stage.milestone && <p className="muted">{said(column.stage, "milestone", language)}</p>}
      <div className="present-lanes">
        {grid.rows
          .filter((row) => row.lane.kind !== "feelings" && row.cells[at]!.cards.length)
          .map((row) => (
            <section key={row.lane.id}>
              <h2>{said(row.lane, "title", language) || laneKind(row.lane.kind ?? "own").title[language]}</h2>
              <ul>
                {row.cells[at]!.cards.map((card) => {
                  const claim = screen.claims.get(card.id);
                  return (
                    <li key={card.id}>
                      {said(card, "text", language)}
                      {claim && (
                        <p className="present-claim">
                          <Verdict verdict={claim.verdict} /> <ClaimLine claim={claim} language={language} />
                        </p>
                      )}
                    </li>
                  );
                })}
              </ul>
            </section>
          ))}
      </div>
    </div>
  );
}
