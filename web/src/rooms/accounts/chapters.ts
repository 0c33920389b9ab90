import type { Journey, StageVisit, Step } from "./story";

const DAY = 86_400_000;
/** Days without a step from which a silence is worth telling. */
export const SILENCE = 21;

/** One stay in one stage, as it would be told: who came in, what they did most, when nothing happened for long. */
export interface Chapter {
  visit: StageVisit;
  steps: number;
  joined: { person: string; role: string | null }[];
  did: { touchpoint: string; times: number }[];
  silence: { from: string; days: number } | null;
  /** The journey's first contact with sales falls into it. */
  sales: Step | null;
}

/** The chapters of a journey in the order of its stays; a step belongs to the stay that it falls into. */
export function chapters(journey: Journey): Chapter[] {
  const visits = [...journey.stages].sort((one, other) => Date.parse(one.entered_at) - Date.parse(other.entered_at));
  const stayOf = (step: Step) => visits.reduce((found, visit, at) => (Date.parse(visit.entered_at) <= Date.parse(step.happened_at) ? at : found), 0);
  const parts: Step[][] = visits.map(() => []);
  for (const step of journey.steps) parts[stayOf(step)]?.push(step);
  const known = new Set<string>();
  const sales = journey.steps.find((step) => step.sales) ?? null;
  return visits.map((visit, at) => {
    const steps = parts[at]!;
    const joined: Chapter["joined"] = [];
    for (const step of steps)
      if (step.person_id && !known.has(step.person_id)) {
        known.add(step.person_id);
        joined.push({ person: step.person_id, role: step.role ?? null });
      }
    return { visit, steps: steps.length, joined, did: most(steps), silence: silenceOf(steps, visit.left_at ?? journey.ended_at), sales: sales && steps.includes(sales) ? sales : null };
  });
}

function most(steps: Step[]): Chapter["did"] {
  const counted = new Map<string, number>();
  for (const { touchpoint } of steps) counted.set(touchpoint, (counted.get(touchpoint) ?? 0) + 1);
  return [...counted].map(([touchpoint, times]) => ({ touchpoint, times })).sort((one, other) => other.times - one.times).slice(0, 3);
}

/** The longest time without a step in a stay, up to its end; null where none is long. */
function silenceOf(steps: Step[], end: string | null): Chapter["silence"] {
  let found: Chapter["silence"] = null;
  steps.forEach((step, at) => {
    const next = steps[at + 1]?.happened_at ?? end;
    const days = next ? (Date.parse(next) - Date.parse(step.happened_at)) / DAY : 0;
    if (days >= SILENCE && days > (found?.days ?? 0)) found = { from: step.happened_at, days };
  });
  return found;
}
