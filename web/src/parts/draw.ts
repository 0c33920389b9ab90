import embed, { type VisualizationSpec } from "vega-embed";
import { expressionInterpreter } from "vega-interpreter";
import theme from "@/theme/theme.json";
import { anyTerm } from "@/words/terms";
import type { Language } from "@/words/i18n";

const KEEP = new Set(["field", "usermeta", "$schema", "filter", "calculate", "as", "groupby", "type", "aggregate", "op", "fold", "format", "labelExpr", "key", "expr", "test"]);
const DATA = new Set(["data", "datasets", "sort", "domain"]);

const LOCALES = {
  de: {
    format: { decimal: ",", thousands: ".", grouping: [3], currency: ["", "\u00a0€"], percent: "\u00a0%" },
    time: {
      dateTime: "%A, der %e. %B %Y, %X", date: "%d.%m.%Y", time: "%H:%M:%S", periods: ["AM", "PM"],
      days: ["Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"],
      shortDays: ["So", "Mo", "Di", "Mi", "Do", "Fr", "Sa"],
      months: ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"],
      shortMonths: ["Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"],
    },
  },
  en: { format: undefined, time: undefined },
} as const;

/** A word of the data, or several between arrows, dots or commas, as the reader calls them. */
function inParts(text: string, own: Record<string, string>, language: Language): string {
  const found = own[text];
  if (found !== undefined) return found;
  const mark = [" → ", " · ", ", "].find((one) => text.includes(one));
  return mark ? text.split(mark).map((part) => inParts(part, own, language)).join(mark) : anyTerm(text, language);
}

/** The specification with its texts turned by its own `usermeta.words`, and its data's words as the page calls them. */
export function inLanguage(spec: Record<string, unknown>, language: Language): Record<string, unknown> {
  const meta = spec.usermeta as { words?: Record<string, Record<string, string>> } | undefined;
  const own = meta?.words?.[language] ?? {};
  const turn = (value: unknown, key: string, data: boolean): unknown => {
    if (KEEP.has(key)) return value;
    if (typeof value === "string") return data ? inParts(value, own, language) : (own[value] ?? value);
    if (Array.isArray(value)) return value.map((inner) => turn(inner, "", data));
    if (typeof value === "object" && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, turn(inner, name, data || DATA.has(name))]));
    return value;
  };
  return turn(spec, "", false) as Record<string, unknown>;
}

/** The theme as Vega-Lite's configuration; the twin of `reports/chart.py`. */
export function config(mode: "light" | "dark"): Record<string, unknown> {
  const shown = theme.colours[mode];
  const size = 11.5;
  const text = { labelFontSize: size, titleFontSize: size, labelColor: shown.muted, titleColor: shown.ink };
  const series = theme.series.map((one) => (one.colour === "#1c2430" ? shown.ink : one.colour));
  return {
    background: null,
    font: theme.type.fonts.replace("Inter,", "Inter Variable, Inter,"),
    padding: { left: 0, top: 2, right: 4, bottom: 5 },
    title: { anchor: "start", color: shown.ink, fontSize: size * 1.3, fontWeight: 600, subtitleColor: shown.muted, subtitleFontSize: size, offset: 10 },
    axis: { ...text, titleFontWeight: 500, gridColor: shown.line, domainColor: shown.rule, tickColor: shown.rule, titlePadding: 8, labelLimit: 260 },
    legend: { ...text, titleFontWeight: 500, symbolSize: 80 },
    header: { ...text, titleFontWeight: 500 },
    view: { stroke: null },
    range: { category: series, ordinal: { scheme: "blues" } },
    mark: { color: shown.accent },
    bar: { color: shown.accent },
    text: { fontSize: size, color: shown.ink },
    rule: { color: shown.accent },
    point: { color: shown.accent, filled: true },
    line: { color: shown.accent },
    area: { color: shown.accent },
  };
}

/** Draws into an element; the answer ends the drawing. Expressions are interpreted, so that no `eval` is needed. */
export async function draw(place: HTMLElement, spec: Record<string, unknown>, language: Language, mode: "light" | "dark"): Promise<() => void> {
  const turned = inLanguage(spec, language);
  delete turned.title;
  const { format, time } = LOCALES[language];
  const result = await embed(place, turned as VisualizationSpec, {
    actions: false,
    ast: true,
    expr: expressionInterpreter,
    renderer: "svg",
    defaultStyle: false,
    config: config(mode),
    tooltip: { theme: "custom", disableDefaultStyle: true },
    ...(format ? { formatLocale: format as never, timeFormatLocale: time as never } : {}),
  });
  // The drawing as a whole is named; its marks are read in the table beneath.
  place.querySelector("svg")?.setAttribute("aria-hidden", "true");
  for (const mark of place.querySelectorAll("svg [role]")) for (const name of ["role", "aria-roledescription", "aria-label"]) mark.removeAttribute(name);
  return () => result.finalize();
}
