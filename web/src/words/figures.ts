import type { Language } from "./i18n";
import { say } from "./i18n";
import { days, money, MISSING, number, share } from "./numbers";

/** A value with its interval and n, as every answer carries it; without a value, `why` says the reason. */
export interface Figure {
  value: number | null;
  low?: number | null;
  high?: number | null;
  n: number;
  why?: string | null;
  unit?: string;
}

/** The units of `reports/formats.py`; three capitals are a currency. */
export type Unit = "share" | "days" | "money" | "score" | "ratio" | "count" | "position" | "points" | "number" | "";

export function isFigure(value: unknown): value is Figure {
  return typeof value === "object" && value !== null && "n" in value && "value" in value;
}

/** One number in its unit. */
export function amount(value: number | null | undefined, unit: Unit, language: Language, currency?: string | null): string {
  if (value === null || value === undefined) return MISSING;
  switch (unit) {
    case "share":
      return share(value, language, value !== 0 && Math.abs(value) < 0.01 ? 1 : 0);
    case "points":
      return number(value, language, 0);
    case "days":
      return days(value, language);
    case "money":
      return money(value, currency ?? "EUR", language);
    case "score":
      return number(value, language, 1);
    case "ratio":
      return `${number(value, language, value < 10 ? 2 : 1)}\u00a0×`;
    default:
      return number(value, language);
  }
}

/** The interval beside a value: `80–89`, open ends as `≥ 80`. Empty where there is none. */
export function range(figure: Figure, unit: Unit, language: Language, currency?: string | null): string {
  const { low, high } = figure;
  if ((low === null || low === undefined) && (high === null || high === undefined)) return "";
  const bare = (value: number) =>
    unit === "share" ? number(value * 100, language, 0)
    : unit === "points" ? number(value, language, 0)
    : unit === "days" ? number(value, language, Math.abs(value) >= 10 ? 0 : 1)
    : unit === "money" ? money(value, currency ?? "EUR", language)
    : unit === "score" ? number(value, language, 1)
    : number(value, language);
  if (low === null || low === undefined) return `≤\u00a0${bare(high!)}`;
  if (high === null || high === undefined) return `≥\u00a0${bare(low)}`;
  // A dash beside a minus sign cannot be read.
  return low < 0 ? `${bare(low)}\u00a0${say("to")}\u00a0${bare(high)}` : `${bare(low)}–${bare(high)}`;
}

/** Why there is no value, in the reader's words. */
export function reason(figure: Figure): string {
  switch (figure.why) {
    case "too few":
      return say("too_few");
    case "never reached":
      return say("never_reached");
    case undefined:
    case null:
    case "no data":
      return say("no_data");
    default:
      return figure.why;
  }
}

const SHARES = /(^|_)(share|moved_on|lost|dormant|still_open|drop_off|went_back|removal_effect|click_share|revived_\d+|won|open|with_sales)(_|$)/;
const UNITS: Record<string, Unit> = {
  value: "money", cost: "money", cost_per_deal: "money", won_value: "money", deal_value: "money", value_at_stake: "money", amount: "money",
  return: "ratio", risk_ratio: "ratio", odds_ratio: "ratio", progress_ratio: "ratio", position: "position", online: "share",
  days: "days", within_days: "days", from_day: "days", median_day: "days", days_before: "days", touches_before: "count",
  adjusted_p: "", deals: "count", journeys: "count",
};

/** The unit of a column of an answer, where its figures do not say it themselves. */
export function unitOf(column: string, figure?: Figure | null): Unit {
  if (figure?.unit) return /^[A-Z]{3}$/.test(figure.unit) ? "money" : (figure.unit as Unit);
  const known = UNITS[column];
  if (known !== undefined) return known;
  if (/(^|_)days?($|_)/.test(column)) return "days";
  if (SHARES.test(column) && figure) return "share";
  if (/^share/.test(column)) return "share";
  return "";
}
