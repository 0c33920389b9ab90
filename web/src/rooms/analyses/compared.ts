import type { Cell, Row } from "@/wire/result";
import { isFigure } from "@/words/figures";

export interface Line {
  name: string;
  /** The best and the worst rank that any model gives. */
  best: number;
  worst: number;
  cells: Map<string, Row>;
  costPerDeal: Cell | undefined;
  /** The row that tells the cost: its model's, the first. */
  costRow?: Row;
}

export interface Compared {
  models: string[];
  lines: Line[];
  /** The highest end of any interval: the scale of all bars. */
  most: number;
  costs: boolean;
  currency: string | null;
}

/** The rows of an attribution as a table of what is credited × model; null where there is only one model. */
export function compared(rows: readonly Row[], measure: "deals" | "value"): Compared | null {
  const models = [...new Set(rows.map((row) => row.model).filter((model): model is string => typeof model === "string"))];
  const thing = Object.keys(rows[0] ?? {})[0];
  if (models.length < 2 || !thing) return null;
  const lines = new Map<string, Line>();
  let most = 0;
  for (const row of rows) {
    const name = String(row[thing]);
    const line = lines.get(name) ?? { name, best: Infinity, worst: 0, cells: new Map<string, Row>(), costPerDeal: undefined };
    lines.set(name, line);
    line.cells.set(String(row.model), row);
    const rank = Number(row.rank);
    line.best = Math.min(line.best, rank);
    line.worst = Math.max(line.worst, rank);
    if (!line.costRow && isFigure(row.cost_per_deal)) Object.assign(line, { costPerDeal: row.cost_per_deal, costRow: row });
    const figure = row[measure];
    if (isFigure(figure)) most = Math.max(most, figure.high ?? figure.value ?? 0);
  }
  const currency = rows.map((row) => row.currency).find((one) => typeof one === "string");
  return {
    models, most, currency: typeof currency === "string" ? currency : null,
    lines: [...lines.values()].sort((one, other) => one.best - other.best || one.worst - other.worst),
    costs: [...lines.values()].some((line) => line.costPerDeal),
  };
}
