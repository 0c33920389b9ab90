import { useElementSize } from "@mantine/hooks";
import { useMemo, useState } from "react";
import { useWords } from "@/words/i18n";
import { date, days, money, moment, month } from "@/words/numbers";
import { term } from "@/words/terms";
import { clusters, lanesOf, ticksOf, type Journey, type LaneOf, type Step, type Story } from "./story";

const HEAD = 62;
const LANE = 34;
const DEAL = 22;
const NAME = 190;

interface Props {
  story: Story;
  journey: Journey;
  window: [number, number];
  chosen: Step | null;
  onChoose: (step: Step) => void;
}

/** The journey in time: stage bands, a lane per person by role, deals, pauses, the first contact with sales. */
export function StoryDrawing({ story, journey, window: [from, to], chosen, onChoose }: Props) {
  const { t, language } = useWords();
  const { ref, width: full } = useElementSize<HTMLDivElement>();
  const lanes = useMemo(() => lanesOf(story, journey), [story, journey]);
  const name = full < 700 ? 110 : NAME;
  const width = Math.max(full, 320);
  const x = (at: string | number | null | undefined) => {
    const moment = typeof at === "number" ? at : at ? Date.parse(at) : to;
    return name + ((Math.min(Math.max(moment, from), to) - from) / Math.max(to - from, 1)) * (width - name - 16);
  };
  const inside = (at: string) => Date.parse(at) >= from && Date.parse(at) <= to;
  const height = HEAD + lanes.length * LANE + journey.deals.length * DEAL + 14;
  const foot = HEAD + lanes.length * LANE;
  const stages = journey.stages.length;
  const sales = journey.first_sales_contact?.at ?? journey.first_sales_at ?? null;
  const most = Math.max(1, ...journey.stages.map((visit) => visit.stage_no));
  return (
    <div ref={ref} className="story-frame">
      <svg width={width} height={height} role="group" aria-label={t("story_drawing")}>
        {journey.stages.map((visit) => {
          const [left, right] = [x(visit.entered_at), x(visit.left_at ?? journey.ended_at ?? to)];
          if (right - left < 0.5) return null;
          const tint = `var(--stage-${1 + Math.round(((visit.stage_no - 1) / Math.max(most - 1, 1)) * 8)})`;
          return (
            <g key={visit.visit_no}>
              <rect x={left} y={22} width={Math.max(right - left - 1, 1)} height={20} fill={tint} />
              <rect x={left} y={44} width={Math.max(right - left - 1, 1)} height={foot - 44} fill={tint} opacity={0.28} />
              {right - left > 54 && (
                <text x={left + 5} y={36} className="story-text">
                  {clip(`${visit.back ? "↩ " : ""}${term("stage", visit.stage, language)} ${days(visit.days, language)}`, right - left)}
                </text>
              )}
              <title>{`${term("stage", visit.stage, language)} · ${date(visit.entered_at, language)} – ${date(visit.left_at, language)} · ${days(visit.days, language)}${visit.back ? ` · ${t("back_move")}` : ""}`}</title>
            </g>
          );
        })}
        {stages === 0 && <text x={name} y={36} className="story-text">{t("no_stages")}</text>}
        {ticksOf(from, to, width - name).map(({ at, year }) => (
          <g key={at.getTime()}>
            <line x1={x(at.getTime())} x2={x(at.getTime())} y1={16} y2={height} className={year ? "story-year" : "story-tick"} />
            <text x={x(at.getTime()) + 3} y={12} className="story-small">
              {year || (to - from) / 86_400_000 > 900 ? `${month(at, language)} ${at.getUTCFullYear()}` : (to - from) / 86_400_000 < 100 ? date(at.toISOString(), language) : month(at, language)}
            </text>
          </g>
        ))}
        {journey.pauses.map((pause, at) => {
          const [start, end] = [pause.started_at ?? pause.from, pause.ended_at ?? pause.to];
          if (!start) return null;
          const [left, right] = [x(start), x(end ?? to)];
          return (
            <g key={at}>
              <rect x={left} y={44} width={Math.max(right - left, 1)} height={foot - 44} fill="url(#story-hatch)" />
              {right - left > 70 && <text x={(left + right) / 2} y={foot - 5} textAnchor="middle" className="story-small">{t("on_ice", { days: days(pause.days ?? (Date.parse(end ?? "") - Date.parse(start)) / 86_400_000, language) })}</text>}
            </g>
          );
        })}
        <defs>
          <pattern id="story-hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <line x1="0" y1="0" x2="0" y2="7" stroke="var(--hatch)" strokeWidth="1.5" />
          </pattern>
        </defs>
        {lanes.map((lane, at) => (
          <Lane key={lane.id} lane={lane} y={HEAD + at * LANE} width={width} x={x} inside={inside} name={name} chosen={chosen} onChoose={onChoose} />
        ))}
        {sales && inside(sales) && (
          <g>
            <line x1={x(sales)} x2={x(sales)} y1={22} y2={foot} className="story-sales" />
            <text x={x(sales) + (x(sales) > width - 180 ? -4 : 4)} y={56} textAnchor={x(sales) > width - 180 ? "end" : "start"} className="story-small story-strong">
              {t("first_sales", { date: date(sales, language) })}
            </text>
          </g>
        )}
        {journey.deals.map((deal, at) => {
          const [left, right] = [x(deal.opened_at ?? journey.started_at), x(deal.closed_at ?? to)];
          const y = foot + 6 + at * DEAL;
          const words = `${deal.name ?? t("deal")} · ${money(deal.amount, deal.currency ?? "EUR", language)} · ${term("outcome", deal.status, language)}${deal.lost_reason ? ` · ${deal.lost_reason}` : ""}`;
          return (
            <g key={deal.deal_id}>
              <text x={4} y={y + 12} className="story-small">{at === 0 ? t("deals") : ""}</text>
              <rect x={left} y={y} width={Math.max(right - left, 3)} height={15} rx={2} className={`story-deal story-deal-${deal.status}`} />
              <text x={right + 5 > width - 160 ? left - 5 : right + 5} y={y + 12} textAnchor={right + 5 > width - 160 ? "end" : "start"} className="story-small">
                {deal.status === "won" ? "✓ " : deal.status === "lost" ? "✕ " : "→ "}
                {money(deal.amount, deal.currency ?? "EUR", language)}
              </text>
              <title>{words}</title>
            </g>
          );
        })}
      </svg>
    </div>
  );
}

function Lane({ lane, y, width, x, inside, name, chosen, onChoose }: { lane: LaneOf; y: number; width: number; x: (at: string) => number; inside: (at: string) => boolean; name: number; chosen: Step | null; onChoose: (step: Step) => void }) {
  const { t, language } = useWords();
  const seen = lane.steps.filter((step) => inside(step.happened_at));
  const marks = clusters(seen, x, 11);
  const who = lane.name || (lane.id ? t("unknown_person") : t("company_lane"));
  return (
    <g>
      <line x1={0} x2={width} y1={y} y2={y} className="story-tick" />
      <text x={4} y={y + 14} className="story-name">{clip(who, name - 6, 6.6)}</text>
      <text x={4} y={y + 28} className="story-small">{clip([lane.role ? term("role", lane.role, language) : "", lane.about].filter(Boolean).join(" · "), name - 6, 5.6)}</text>
      {marks.map((mark) => {
        const step = mark.steps[0]!;
        const isChosen = mark.steps.some((one) => one === chosen);
        const offline = step.online === false;
        const words = `${moment(step.happened_at, language)}: ${term("touchpoint", step.touchpoint, language)}${mark.steps.length > 1 ? `, ${t("k_of", { k: Math.max(mark.steps.indexOf(chosen!), 0) + 1, n: mark.steps.length })}` : ""} · ${who}`;
        const at = { x: mark.x, y: y + LANE / 2 };
        const choose = () => onChoose(isChosen ? mark.steps[(mark.steps.indexOf(chosen!) + 1) % mark.steps.length]! : step);
        return (
          <g
            key={step.seq}
            tabIndex={0}
            role="button"
            aria-label={words}
            aria-pressed={isChosen}
            className={`story-mark${step.direction === "out" ? " story-out" : ""}${mark.steps.some((one) => one.sales) ? " story-of-sales" : ""}${isChosen ? " story-chosen" : ""}`}
            onClick={choose}
            onKeyDown={(event) => {
              if (event.key !== "Enter" && event.key !== " ") return;
              event.preventDefault();
              choose();
            }}
          >
            {offline ? <rect x={at.x - 5} y={at.y - 5} width={10} height={10} rx={1} /> : <circle cx={at.x} cy={at.y} r={5} />}
            {mark.steps.length > 1 && <text x={at.x} y={at.y - 8} textAnchor="middle" className="story-small">{mark.steps.length}</text>}
            <title>{words}</title>
          </g>
        );
      })}
    </g>
  );
}

function clip(text: string, room: number, letter = 6.4): string {
  const most = Math.floor(room / letter);
  return text.length <= most ? text : `${text.slice(0, Math.max(most - 1, 1))}…`;
}

/** All journeys on one line, with the part that is shown; dragging its ends looks closer. */
export function StoryMap({ story, journey, window, onWindow, onJourney }: { story: Story; journey: Journey; window: [number, number]; onWindow: (window: [number, number]) => void; onJourney: (id: string) => void }) {
  const { t, language } = useWords();
  const { ref, width: full } = useElementSize<HTMLDivElement>();
  const [from, setFrom] = useState<number | null>(null);
  const width = Math.max(full, 320);
  const start = Math.min(...story.journeys.map((one) => Date.parse(one.started_at)));
  const end = Math.max(...story.journeys.map((one) => Date.parse(one.ended_at ?? one.last_step_at ?? one.started_at)));
  const x = (at: number) => ((at - start) / Math.max(end - start, 1)) * (width - 2) + 1;
  const timeAt = (place: number) => start + (place / width) * (end - start);
  const weeks = useMemo(() => {
    const size = Math.max((end - start) / 120, 7 * 86_400_000);
    const count = new Map<number, number>();
    for (const one of story.journeys) for (const step of one.steps) count.set(Math.floor((Date.parse(step.happened_at) - start) / size), (count.get(Math.floor((Date.parse(step.happened_at) - start) / size)) ?? 0) + 1);
    const most = Math.max(1, ...count.values());
    return [...count].map(([at, n]) => ({ at: start + at * size, size, share: n / most }));
  }, [story, start, end]);
  return (
    <div ref={ref} className="story-map">
      <svg
        width={width}
        height={54}
        role="img"
        aria-label={t("overview_time")}
        onPointerDown={(event) => {
          const left = event.currentTarget.getBoundingClientRect().left;
          event.currentTarget.setPointerCapture(event.pointerId);
          setFrom(timeAt(event.clientX - left));
        }}
        onPointerUp={(event) => {
          const until = timeAt(event.clientX - event.currentTarget.getBoundingClientRect().left);
          if (from !== null && Math.abs(until - from) > (end - start) / 60) onWindow([Math.min(from, until), Math.max(from, until)]);
          setFrom(null);
        }}
      >
        {weeks.map((week) => <rect key={week.at} x={x(week.at)} width={Math.max(x(week.at + week.size) - x(week.at) - 1, 1)} y={30 - 26 * week.share} height={26 * week.share} className="story-bars" />)}
        {story.journeys.map((one) => {
          const [left, right] = [x(Date.parse(one.started_at)), x(Date.parse(one.ended_at ?? one.last_step_at ?? one.started_at))];
          return <rect key={one.journey_id} x={left} y={34} width={Math.max(right - left, 3)} height={6} rx={2} className={`story-deal story-deal-${one.outcome}${one === journey ? " story-this" : ""}`} />;
        })}
        <rect x={x(window[0])} y={1} width={Math.max(x(window[1]) - x(window[0]), 4)} height={42} className="story-window" />
        <text x={2} y={53} className="story-small">{date(new Date(start).toISOString(), language)}</text>
        <text x={width - 2} y={53} textAnchor="end" className="story-small">{date(new Date(end).toISOString(), language)}</text>
      </svg>
      <div className="row" role="group" aria-label={t("journeys")}>
        {story.journeys.map((one) => (
          <button key={one.journey_id} type="button" className={`filter${one === journey ? " filter-set" : ""}`} aria-pressed={one === journey} onClick={() => onJourney(one.journey_id)}>
            {one.number} · {term("kind", one.kind, language)} · {term("outcome", one.outcome, language)}
          </button>
        ))}
      </div>
    </div>
  );
}
