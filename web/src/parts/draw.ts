import embed, { type VisualizationSpec } from "vega-embed";
import { expressionInterpreter } from "vega-interpreter";
import theme from "@/theme/theme.json";
import { anyTerms } from "@/words/terms";
import type { Language } from "@/words/i18n";
import { fitted, NARROW, stacked } from "./fit";

const KEEP = new Set(["field", "usermeta", "$schema", "filter", "calculate", "as", "groupby", "type", "aggregate", "op", "fold", "format", "labelExpr", "key", "expr", "test"]);
const DATA = new Set(["data", "datasets", "sort", "domain"]);
const SIZE = 11.5;
const WIDEST_LABEL = 340;

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

/** The specification with its texts turned by its own `usermeta.words`, and its data's words as the page calls them. */
export function inLanguage(spec: Record<string, unknown>, language: Language): Record<string, unknown> {
  const own = wordsOf(spec, language);
  const turn = (value: unknown, key: string, data: boolean): unknown => {
    if (KEEP.has(key)) return value;
    if (typeof value === "string") return own[value] ?? (data ? inParts(value, own, language) : value);
    if (Array.isArray(value)) return value.map((inner) => turn(inner, "", data));
    if (typeof value === "object" && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, turn(inner, name, data || DATA.has(name))]));
    return value;
  };
  return turn(spec, "", false) as Record<string, unknown>;
}

const wordsOf = (spec: Record<string, unknown>, language: Language) => (spec.usermeta as { words?: Record<string, Record<string, string>> } | undefined)?.words?.[language] ?? {};

/** A word of the data, or several between arrows, dots or commas or in brackets, as the reader calls them; the drawing's own words win. */
function inParts(text: string, own: Record<string, string>, language: Language): string {
  const within = /^(.+) \((.+)\)$/.exec(text);
  if (within) return `${inParts(within[1]!, own, language)} (${inParts(within[2]!, own, language)})`;
  const mark = [" → ", " · ", ", "].find((one) => text.includes(one));
  return mark ? text.split(mark).map((part) => own[part] ?? inParts(part, own, language)).join(mark) : anyTerms(text, language);
}

/** What stands over the drawing: its title, and beneath it what it leaves out. */
export function titleOf(spec: Record<string, unknown>, language: Language): { title: string; about: string } {
  const own = wordsOf(spec, language);
  const given = (spec.title ?? "") as string | { text?: string; subtitle?: string };
  const { text = "", subtitle = "" } = typeof given === "string" ? { text: given } : given;
  return { title: own[text] ?? text, about: own[subtitle] ?? subtitle };
}

/** The theme as Vega-Lite's configuration; the twin of `reports/chart.py`, but that labels end where the place is narrow. */
export function config(mode: "light" | "dark", room = Infinity): Record<string, unknown> {
  const shown = theme.colours[mode];
  const text = { labelFontSize: SIZE, titleFontSize: SIZE, labelColor: shown.muted, titleColor: shown.ink };
  const series = theme.series.map((one) => (one.colour === "#1c2430" ? shown.ink : one.colour));
  const label = Math.round(Math.min(WIDEST_LABEL, room * 0.36));
  return {
    background: null,
    font: theme.type.fonts.replace("Inter,", "Inter Variable, Inter,"),
    padding: { left: 0, top: 2, right: 4, bottom: 5 },
    title: { anchor: "start", frame: "bounds", color: shown.ink, fontSize: SIZE * 1.1, fontWeight: 600, subtitleColor: shown.muted, subtitleFontSize: SIZE, offset: 10 },
    axis: { ...text, titleFontWeight: 500, gridColor: shown.line, domainColor: shown.rule, tickColor: shown.rule, titlePadding: 8, labelLimit: label },
    axisX: { labelSeparation: 6 },
    legend: { ...text, titleFontWeight: 500, symbolSize: 80, labelLimit: label, orient: "top", direction: "horizontal", offset: 6, ...(room < NARROW ? { columns: 2 } : {}) },
    header: { ...text, titleFontWeight: 500 },
    view: { stroke: null },
    range: { category: series, ordinal: { scheme: "blues" } },
    mark: { color: shown.accent },
    bar: { color: shown.accent },
    text: { fontSize: SIZE, color: shown.ink },
    rule: { color: shown.accent },
    point: { color: shown.accent, filled: true },
    line: { color: shown.accent },
    area: { color: shown.accent },
  };
}

/** Colours that a specification brings for a light page, as the dark page has them: cells of heat maps (`HEAT` of `analyses/draw.py`) and the words on them. */
const IN_THE_DARK: Record<string, string> = { "#eef6f5": "#1b252b", "#0a5f5b": "#0f7f78", "#1d2530": theme.colours.dark.ink };

/** The specification for the page's theme: in the dark, low values are dark, and lines between cells are of the page. */
export function forTheme(spec: Record<string, unknown>, mode: "light" | "dark"): Record<string, unknown> {
  const turn = (value: unknown, key: string): unknown => {
    if (typeof value === "string") return key === "stroke" && value === "white" ? theme.colours.dark.page : (IN_THE_DARK[value] ?? value);
    if (key === "data" || key === "datasets") return value;
    if (Array.isArray(value)) return value.map((inner) => turn(inner, ""));
    if (typeof value === "object" && value !== null) return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, turn(inner, name)]));
    return value;
  };
  return mode === "dark" ? (turn(spec, "") as Record<string, unknown>) : spec;
}

/** Draws into an element, no wider than `room` where that can be; the answer ends the drawing. Expressions are interpreted, so that no `eval` is needed. */
export async function draw(place: HTMLElement, spec: Record<string, unknown>, language: Language, mode: "light" | "dark", room: number): Promise<() => void> {
  const turned = forTheme(inLanguage(spec, language), mode);
  delete turned.title;
  const { format, time } = LOCALES[language];
  const result = await fitted(room < NARROW ? stacked(turned, room) : turned, room, async (given) => {
    const view = await embed(place, given as VisualizationSpec, {
      actions: false,
      ast: true,
      expr: expressionInterpreter,
      renderer: "svg",
      defaultStyle: false,
      config: config(mode, room),
      tooltip: { theme: "custom", disableDefaultStyle: true },
      ...(format ? { formatLocale: format as never, timeFormatLocale: time as never } : {}),
    });
    return { wide: Number(place.querySelector("svg")?.getAttribute("width") ?? 0), end: () => view.finalize() };
  });
  // The drawing as a whole is named; its marks are read in the table beneath.
  place.querySelector("svg")?.setAttribute("aria-hidden", "true");
  for (const mark of place.querySelectorAll("svg [role]")) for (const name of ["role", "aria-roledescription", "aria-label"]) mark.removeAttribute(name);
  return result.end;
}
