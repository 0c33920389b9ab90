import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useWords } from "@/words/i18n";
import { Waiting } from "./States";
import "./drawing.css";

/** A Vega-Lite drawing in the house's look and the reader's language: the same specification as in print. */
export function Drawing({ spec, label }: { spec: Record<string, unknown>; label: string }) {
  const { t, language } = useWords();
  const scheme = useComputedColorScheme("light", { getInitialValueInEffect: false });
  const frame = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<"waiting" | "drawn" | "failed">("waiting");
  useEffect(() => {
    const place = frame.current;
    if (!place) return;
    let gone = false;
    // Of two drawings under way at once, such as in light and in dark, the later one stays, whichever is done first.
    const own = document.createElement("div");
    let end: (() => void) | undefined;
    import("./draw")
      .then(({ draw }) => draw(own, spec, language, scheme))
      .then((finish) => {
        if (gone) finish();
        else {
          end = finish;
          place.replaceChildren(own);
          setState("drawn");
        }
      })
      .catch(() => !gone && setState("failed"));
    return () => {
      gone = true;
      end?.();
    };
  }, [spec, language, scheme]);
  return (
    <figure className="drawing" aria-label={label}>
      {state === "waiting" && <Waiting words={t("drawing_waits")} />}
      {state === "failed" && <p className="muted">{t("drawing_failed")}</p>}
      <div ref={frame} className="drawing-frame" tabIndex={0} role="img" aria-label={label} />
    </figure>
  );
}
