import { createContext, useCallback, useContext, useId, useMemo, useRef, useState, type ReactNode } from "react";
import { createPortal } from "react-dom";
import { amount, range, reason, unitOf, type Figure, type Unit } from "@/words/figures";
import { useWords, type Language } from "@/words/i18n";
import { date, number } from "@/words/numbers";
import { recipeWords, type Recipe, type Result } from "@/wire/result";
import "./figure.css";

/** What travels with every figure of an answer: how it was made, from when, about whom. */
export interface Behind {
  recipe?: Recipe | null;
  period?: Result["period"];
  as_of?: string | null;
  population?: Record<string, unknown>;
}

interface Shown {
  figure: Figure;
  unit: Unit;
  behind: Behind;
  currency?: string | null;
  opens: boolean;
  at: DOMRect;
}

const Tip = createContext<{ show: (shown: Shown) => void; hide: () => void; id: string } | null>(null);

/** The one note that tells interval, n and recipe of the figure under the pointer or the focus. */
export function FigureTip({ children }: { children: ReactNode }) {
  const id = useId();
  const [shown, setShown] = useState<Shown | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const show = useCallback((next: Shown) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setShown(next), 120);
  }, []);
  const hide = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setShown(null), 80);
  }, []);
  const value = useMemo(() => ({ show, hide, id }), [show, hide, id]);
  return (
    <Tip.Provider value={value}>
      {children}
      {createPortal(
        <div id={id} role="tooltip" className="figure-tip" style={shown ? place(shown.at) : { display: "none" }}>
          {shown && <Note {...shown} />}
        </div>,
        // Within the main part of the page, where it is there; it stands over everything either way.
        document.getElementById("overlays") ?? document.body,
      )}
    </Tip.Provider>
  );
}

function place(at: DOMRect) {
  const width = 300;
  const left = Math.max(8, Math.min(at.left, window.innerWidth - width - 8));
  const below = at.bottom + 190 < window.innerHeight;
  return { left, width, ...(below ? { top: at.bottom + 6 } : { bottom: window.innerHeight - at.top + 6 }) };
}

function Note({ figure, unit, behind, currency, opens }: Shown) {
  const { t, language } = useWords();
  const spread = range(figure, unit, language, currency);
  return (
    <>
      <p className="strong">
        {figure.value === null ? reason(figure) : amount(figure.value, unit, language, currency)}
        {spread && <span className="muted"> ({spread})</span>}
      </p>
      {spread && <p className="muted small">{t("interval_note")}</p>}
      <p>{t("n_cases", { n: figure.n, shown: number(figure.n, language) })}</p>
      {behind.recipe && (
        <p>
          {recipeWords(behind.recipe, language)}
          <span className="muted"> · {t("recipe_version", { name: behind.recipe.name, version: behind.recipe.version })}</span>
        </p>
      )}
      <p className="muted small">{about(behind, language, t("whole_period"), t("as_of"))}</p>
      {opens && <p className="muted small">{t("opens_rows")}</p>}
    </>
  );
}

function about(behind: Behind, language: Language, whole: string, asOf: string): string {
  const { period } = behind;
  const span = period && (period.from || period.to) ? `${period.from ? date(period.from, language) : "…"} – ${period.to ? date(period.to, language) : "…"}` : whole;
  return [span, behind.as_of ? `${asOf} ${date(behind.as_of, language)}` : ""].filter(Boolean).join(" · ");
}

interface Props {
  figure: Figure;
  column?: string;
  unit?: Unit;
  behind?: Behind;
  currency?: string | null;
  bare?: boolean;
  big?: boolean;
  onOpen?: () => void;
}

/** A figure on the page: never a bare number, and a way to the rows behind it. */
export function FigureView({ figure, column, unit, behind, currency, bare, big, onOpen }: Props) {
  const { t, language } = useWords();
  const tip = useContext(Tip);
  const kind = unit ?? unitOf(column ?? "", figure);
  const spread = range(figure, kind, language, currency);
  const value = figure.value === null ? reason(figure) : amount(figure.value, kind, language, currency);
  const show = (target: Element) =>
    tip?.show({ figure, unit: kind, behind: behind ?? {}, currency, opens: Boolean(onOpen), at: target.getBoundingClientRect() });
  const shared = {
    className: `figure${big ? " figure-big" : ""}${figure.value === null ? " figure-none" : ""}${onOpen ? " figure-opens" : ""}`,
    onMouseEnter: (event: { currentTarget: Element }) => show(event.currentTarget),
    onMouseLeave: () => tip?.hide(),
    onFocus: (event: { currentTarget: Element }) => show(event.currentTarget),
    onBlur: () => tip?.hide(),
    "aria-describedby": tip?.id,
  };
  const inner = (
    <>
      <span className="figure-value">{value}</span>
      {spread && <span className="figure-range"> ({spread})</span>}
      {!bare && <span className="figure-n"> · n {number(figure.n, language)}</span>}
    </>
  );
  if (onOpen)
    return (
      <button type="button" {...shared} onClick={onOpen}>
        {inner}
        <span className="hidden"> {t("opens_rows")}</span>
      </button>
    );
  return (
    <button type="button" {...shared} aria-haspopup="false">
      {inner}
    </button>
  );
}
