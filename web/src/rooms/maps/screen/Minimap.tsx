import { useEffect, useState, type RefObject } from "react";
import { useWords } from "@/words/i18n";
import type { Grid } from "../model/layout";
import { useScreen } from "./context";

/** The whole map in small, by verdict; the frame is what is in sight, a click goes there. */
export function Minimap({ grid, frame }: { grid: Grid; frame: RefObject<HTMLDivElement | null> }) {
  const { t } = useWords();
  const screen = useScreen();
  const [box, setBox] = useState({ x: 0, y: 0, w: 1, h: 1 });
  useEffect(() => {
    const place = frame.current;
    if (!place) return;
    let waiting = 0;
    const look = () => {
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(() =>
        setBox({ x: place.scrollLeft / place.scrollWidth, y: place.scrollTop / place.scrollHeight, w: place.clientWidth / place.scrollWidth, h: place.clientHeight / place.scrollHeight }),
      );
    };
    look();
    place.addEventListener("scroll", look, { passive: true });
    const sizes = new ResizeObserver(look);
    sizes.observe(place);
    return () => {
      cancelAnimationFrame(waiting);
      place.removeEventListener("scroll", look);
      sizes.disconnect();
    };
  }, [frame, grid]);
  const [width, height] = [160, Math.min(110, 10 + grid.rows.length * 10)];
  const [cw, ch] = [width / Math.max(grid.columns.length, 1), height / Math.max(grid.rows.length, 1)];
  if (box.w >= 0.99 && box.h >= 0.99) return null;
  return (
    <svg
      className="minimap noprint"
      width={width}
      height={height}
      aria-label={t("minimap")}
      role="img"
      onPointerDown={(event) => {
        const at = event.currentTarget.getBoundingClientRect();
        const place = frame.current;
        place?.scrollTo({ left: ((event.clientX - at.left) / width - box.w / 2) * place.scrollWidth, top: ((event.clientY - at.top) / height - box.h / 2) * place.scrollHeight });
      }}
    >
      {grid.rows.map((row, r) =>
        row.cells.map((cell, c) =>
          cell.cards.slice(0, 4).map((card, k, all) => (
            <rect key={card.id} x={c * cw + 1 + (k * (cw - 2)) / all.length} y={r * ch + 1} width={(cw - 2) / all.length - 0.5} height={ch - 2} className={`mini mini-${screen.claims.get(card.id)?.verdict ?? "none"}`} />
          )),
        ),
      )}
      <rect x={box.x * width} y={box.y * height} width={box.w * width} height={box.h * height} className="mini-frame" />
    </svg>
  );
}
