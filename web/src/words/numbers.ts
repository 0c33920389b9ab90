import type { Language } from "./i18n";

/** How the house writes numbers; the rules of `reports/formats.py`, so that page and print agree. */

const LOCALE = { de: "de-DE", en: "en-GB" } as const;
const MINUS = "\u2212";
const SIGNS: Record<string, string> = { EUR: "€", USD: "$", GBP: "£", CHF: "CHF", JPY: "¥" };
export const MISSING = "–";

export function number(value: number | null | undefined, language: Language, digits?: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return MISSING;
  const size = Math.abs(value);
  const most = digits ?? (size >= 100 ? 0 : size >= 10 ? 1 : 2);
  const text = new Intl.NumberFormat(LOCALE[language], {
    minimumFractionDigits: digits ?? 0,
    maximumFractionDigits: most,
    roundingMode: "halfExpand",
  } as Intl.NumberFormatOptions).format(value);
  return text.replace("-", MINUS).replace(/^\u22120$/, "0");
}

export function share(value: number | null | undefined, language: Language, digits = 0): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return MISSING;
  return number(value * 100, language, digits) + (language === "de" ? "\u00a0%" : "%");
}

export function money(value: number | null | undefined, currency: string | null, language: Language): string {
  const text = number(value, language, 0);
  if (text === MISSING || !currency) return text;
  const sign = SIGNS[currency.toUpperCase()] ?? currency;
  if (language === "en" && sign.length === 1) return text.startsWith(MINUS) ? MINUS + sign + text.slice(1) : sign + text;
  return `${text}\u00a0${sign}`;
}

export function days(value: number | null | undefined, language: Language): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return MISSING;
  const unit = language === "de" ? "T" : "d";
  if (value > 0 && value < 0.5) return `<\u00a01\u00a0${unit}`;
  return `${number(value, language, Math.abs(value) >= 10 || Number.isInteger(value) ? 0 : 1)}\u00a0${unit}`;
}

export function signed(value: number, language: Language, digits = 1): string {
  const text = number(value, language, digits);
  return value > 0 && Number(value.toFixed(digits)) !== 0 ? `+${text}` : text;
}

export function date(value: string | null | undefined, language: Language): string {
  const day = parsed(value);
  if (!day) return MISSING;
  return new Intl.DateTimeFormat(LOCALE[language], {
    day: language === "de" ? "2-digit" : "numeric",
    month: language === "de" ? "2-digit" : "short",
    year: "numeric",
    timeZone: "UTC",
  }).format(day);
}

export function moment(value: string | null | undefined, language: Language): string {
  const at = parsed(value);
  if (!at) return MISSING;
  return new Intl.DateTimeFormat(LOCALE[language], {
    day: language === "de" ? "2-digit" : "numeric",
    month: language === "de" ? "2-digit" : "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  }).format(at);
}

export function month(at: Date, language: Language): string {
  return new Intl.DateTimeFormat(LOCALE[language], { month: "short", timeZone: "UTC" }).format(at);
}

export function parsed(value: string | null | undefined): Date | null {
  if (!value) return null;
  const at = new Date(value);
  return Number.isNaN(at.getTime()) ? null : at;
}
