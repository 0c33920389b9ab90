/** One company's story as the server tells it, and where each thing of it is drawn. */

export interface Step {
  seq: number;
  happened_at: string;
  learned_at?: string;
  stage: string;
  stage_no?: number;
  touchpoint: string;
  channel?: string | null;
  kind?: string;
  person_id?: string | null;
  role?: string | null;
  online?: boolean;
  direction?: string;
  sales?: boolean;
  name?: string | null;
  url?: string | null;
  content?: string | null;
  campaign?: string | null;
  term?: string | null;
  value?: number | null;
  source?: string;
  record_id?: string;
  wait_before?: number | null;
  deal_id?: string | null;
}

export interface StageVisit {
  visit_no: number;
  stage: string;
  stage_no: number;
  entered_at: string;
  left_at: string | null;
  days: number | null;
  back?: boolean;
}

export interface Deal {
  deal_id: string;
  name?: string | null;
  opened_at?: string | null;
  closed_at?: string | null;
  status: string;
  amount?: number | null;
  currency?: string | null;
  stage?: string | null;
  lost_reason?: string | null;
  owner?: string | null;
}

export interface Member {
  person_id: string;
  role?: string | null;
  role_source?: string | null;
  first_at?: string;
  last_at?: string;
  steps: number;
  entered_stage?: string;
}

export interface Journey {
  journey_id: string;
  number: number;
  kind: string;
  started_at: string;
  last_step_at?: string | null;
  ended_at: string | null;
  outcome: string;
  days: number | null;
  stage?: string;
  steps: Step[];
  stages: StageVisit[];
  pauses: { from?: string; to?: string | null; started_at?: string; ended_at?: string | null; days?: number | null }[];
  deals: Deal[];
  buying_center: Member[];
  first_sales_at?: string | null;
  first_sales_contact?: { at: string; touchpoint: string; person_id?: string | null; name?: string | null } | null;
  won_value?: number | null;
  deal_value?: number | null;
  currency?: string | null;
  lost_reason?: string | null;
  owner?: string | null;
  back_moves?: number;
}

export interface Person {
  person_id: string;
  name?: string | null;
  email?: string | null;
  title?: string | null;
  role?: string | null;
  role_source?: string | null;
  steps?: number;
  first_at?: string | null;
  last_at?: string | null;
  anonymous?: boolean;
}

export interface Story {
  account: Record<string, string | number | boolean | null | string[]> & { account_id: string; name: string | null };
  persons: Person[];
  journeys: Journey[];
  deals_without_journey?: Deal[];
  unresolved?: Record<string, unknown>[];
}

const RANK = ["decider", "initiator", "influencer", "user", "buyer", "gatekeeper"];

export interface LaneOf {
  id: string;
  name: string;
  about: string;
  role: string;
  steps: Step[];
}

/** A lane per person by role, the busiest first within one; what nobody is known for comes last. */
export function lanesOf(story: Story, journey: Journey): LaneOf[] {
  const people = new Map(story.persons.map((person) => [person.person_id, person]));
  const roles = new Map(journey.buying_center.map((member) => [member.person_id, member.role ?? ""]));
  const lanes = new Map<string, LaneOf>();
  for (const step of journey.steps) {
    const id = step.person_id ?? "";
    let lane = lanes.get(id);
    if (!lane) {
      const person = people.get(id);
      lane = { id, name: person?.name || person?.email || (person?.anonymous ? "" : id), about: person?.title ?? "", role: roles.get(id) ?? person?.role ?? step.role ?? "", steps: [] };
      lanes.set(id, lane);
    }
    lane.steps.push(step);
  }
  const rank = (lane: LaneOf) => (lane.id === "" ? 99 : RANK.includes(lane.role) ? RANK.indexOf(lane.role) : 50);
  return [...lanes.values()].sort((one, other) => rank(one) - rank(other) || other.steps.length - one.steps.length);
}

/** Marks that would lie on each other become one with a count. */
export function clusters(steps: Step[], x: (at: string) => number, room: number): { x: number; steps: Step[] }[] {
  const found: { x: number; steps: Step[] }[] = [];
  for (const step of [...steps].sort((one, other) => one.happened_at.localeCompare(other.happened_at))) {
    const place = x(step.happened_at);
    const last = found.at(-1);
    if (last && place - last.x < room) last.steps.push(step);
    else found.push({ x: place, steps: [step] });
  }
  return found;
}

const DAY = 86_400_000;

/** Even ticks for a span of time: days, weeks, months, quarters or years, as room allows. */
export function ticksOf(from: number, to: number, width: number): { at: Date; year: boolean }[] {
  const perDay = width / Math.max((to - from) / DAY, 1);
  const months = [1, 2, 3, 6, 12].find((one) => one * 30.4 * perDay >= 52) ?? 24;
  const found: { at: Date; year: boolean }[] = [];
  if (7 * perDay >= 80) {
    const start = new Date(Math.ceil(from / DAY) * DAY);
    for (let at = start.getTime(); at <= to; at += 7 * DAY) found.push({ at: new Date(at), year: false });
    return found;
  }
  const first = new Date(from);
  let index = first.getUTCFullYear() * 12 + first.getUTCMonth() + 1;
  index = Math.ceil(index / months) * months;
  for (; ; index += months) {
    const at = new Date(Date.UTC(Math.floor(index / 12), index % 12, 1));
    if (at.getTime() > to) return found;
    found.push({ at, year: index % 12 === 0 });
  }
}
