import { Section } from "@/parts/Page";
import { useWords } from "@/words/i18n";
import { date, days, number } from "@/words/numbers";
import { term } from "@/words/terms";
import { chapters } from "./chapters";
import type { Journey, Person } from "./story";

/** The journey told stage by stage: how long, who came in, what they did most, where it went quiet, and how it ended. */
export function Chapters({ journey, people }: { journey: Journey; people: ReadonlyMap<string, Person> }) {
  const { t, language } = useWords();
  const told = chapters(journey);
  if (!told.length) return null;
  const named = (id: string, role: string | null) => [people.get(id)?.name || t("unknown_person"), role && term("role", role, language)].filter(Boolean).join(", ");
  const end = journey.ended_at;
  return (
    <Section title={t("in_short")}>
      <ol className="chapters">
        {told.map((one) => (
          <li key={`${one.visit.stage}${one.visit.visit_no}`}>
            <p>
              <span className="strong">{term("stage", one.visit.stage, language)}</span>
              <span className="muted"> · {date(one.visit.entered_at, language)}{one.visit.days !== null && ` · ${days(one.visit.days, language)}`}</span>
              {one.visit.back && <span className="late"> · {t("went_back")}</span>}
            </p>
            <p>
              {[
                one.joined.length > 0 && t("chapter_joined", { who: one.joined.map(({ person, role }) => named(person, role)).join("; ") }),
                one.did.length > 0 && t("chapter_did", { n: one.steps, shown: number(one.steps, language), what: one.did.map(({ touchpoint, times }) => `${term("touchpoint", touchpoint, language)}${times > 1 ? ` (${times})` : ""}`).join(", ") }),
                one.sales && t("chapter_sales", { date: date(one.sales.happened_at, language), what: term("touchpoint", one.sales.touchpoint, language) }),
              ].filter(Boolean).join(" ")}
              {one.silence && <span className="late"> {t("chapter_silence", { n: Math.round(one.silence.days), date: date(one.silence.from, language) })}</span>}
            </p>
          </li>
        ))}
        <li>
          <p><span className="strong">{term("outcome", journey.outcome, language)}</span>{end && <span className="muted"> · {date(end, language)}</span>}{journey.lost_reason && <span> · {journey.lost_reason}</span>}</p>
        </li>
      </ol>
    </Section>
  );
}
