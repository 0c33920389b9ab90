import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useWords } from "@/words/i18n";
import { Waiting } from "./States";
import "./drawing.css";

/** Drawn anew only where the room has changed by more than a scroll bar. */
const STEP = 24;

/** A Vega-Lite drawing in the house's look and the reader's language: the same specification as in print, as wide as there is room. */
export function Drawing({ spec, label }: { spec: Record<string, unknown>; label: string }) {
  const { t, language } = useWords();
  const scheme = useComputedColorScheme("light", { getInitialValueInEffect: false });
  const frame = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState(0);
  const [state, setState] = useState<"waiting" | "drawn" | "failed">("waiting");
  const [head, setHead] = useState({ title: "", about: "" });
  useEffect(() => {
    const place = frame.current;
    if (!place) return;
    const watch = new ResizeObserver(() => setRoom(Math.floor(place.clientWidth / STEP) * STEP));
    watch.observe(place);
    return () => watch.disconnect();
  }, []);
  useEffect(() => {
    const place = frame.current;
    if (!place || !room) return;
    let gone = false;
    // Of two drawings under way at once, such as in light and in dark, the later one stays, whichever is done first.
    const own = document.createElement("div");
    let end: (() => void) | undefined;
    import("./draw")
      .then(async ({ draw, titleOf }) => {
        const finish = await draw(own, spec, language, scheme, room);
        if (gone) return finish();
        end = finish;
        place.replaceChildren(own);
        setHead(titleOf(spec, language));
        setState("drawn");
      })
      .catch(() => !gone && setState("failed"));
    return () => {
      gone = true;
      end?.();
    };
  }, [spec, language, scheme, room]);
  return (
    <figure className="drawing" aria-label={label}>
      {state === "waiting" && <Waiting words={t("drawing_waits")} />}
      {state === "failed" && <p className="muted">{t("drawing_failed")}</p>}
      {state === "drawn" && head.title && (
        <figcaption>
          <span className="strong">{head.title}</span>
          {head.about && <span className="muted"> · {head.about}</span>}
        </figcaption>
      )}
      <div ref={frame} className="drawing-frame" tabIndex={0} role="img" aria-label={head.title || label} />
    </figure>
  );
}
