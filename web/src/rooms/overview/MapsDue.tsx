import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { FigureView } from "@/parts/FigureView";
import { Section } from "@/parts/Page";
import { Answer } from "@/parts/States";
import { Verdict, type VerdictName } from "@/parts/Verdict";
import { get } from "@/wire/api";
import type { Figure } from "@/words/figures";
import { useWords } from "@/words/i18n";
import { date } from "@/words/numbers";
import { term } from "@/words/terms";

interface MapDue {
  map: string;
  title: string;
  verdicts: Record<string, number>;
  turned: { card: string; stage: string; verdict: VerdictName; before: VerdictName; since: string | null; sentence: Record<string, string> }[];
  blind_spots: number;
  new_blind_spots: number;
  most_frequent: { id: string; stage: string; label: Record<string, string>; coverage: Figure; since: string | null }[];
}

const useMapsDue = () => useQuery({ queryKey: ["overview", "maps"], queryFn: () => get<MapDue[]>("/api/v1/overview/maps") });

/** Claims that are judged otherwise than before, and those that the evidence contradicts. */
export function Turned() {
  const { t, language } = useWords();
  const found = useMapsDue();
  return (
    <Section title={t("turned")} about={t("turned_about")} actions={<Link to="/maps">{t("room_maps")}</Link>}>
      <Answer of={found}>
        {(maps) => {
          const turned = maps.flatMap((map) => map.turned.map((claim) => ({ ...claim, map })));
          const against = maps.filter((map) => map.verdicts.contradicted);
          return (
            <ul className="list">
              {turned.slice(0, 5).map((claim) => (
                <li key={`${claim.map.map}${claim.card}`}>
                  <Link to="/maps/$slug" params={{ slug: claim.map.map }} search={{ view: "evidence", card: claim.card } as never}>{claim.sentence[language]}</Link>
                  <p className="row">
                    <Verdict verdict={claim.before} /> <span aria-hidden="true">→</span> <Verdict verdict={claim.verdict} />
                    <span className="muted">{[claim.map.title, claim.since && t("since_day", { date: date(claim.since, language) })].filter(Boolean).join(" · ")}</span>
                  </p>
                </li>
              ))}
              {!turned.length && <li className="muted">{t("none_turned")}</li>}
              {against.map((map) => (
                <li key={map.map} className="row">
                  <Link className="grow" to="/maps/$slug" params={{ slug: map.map }} search={{ view: "evidence" } as never}>{map.title}</Link>
                  <span className="verdict-contradicted">✕ {t("contradicted_n", { n: map.verdicts.contradicted ?? 0 })}</span>
                </li>
              ))}
            </ul>
          );
        }}
      </Answer>
    </Section>
  );
}

/** What customers do that is on no card: first what is new, else what is most frequent. */
export function BlindSpotsDue() {
  const { t, language } = useWords();
  const found = useMapsDue();
  return (
    <Section title={t("blind_spots_due")} about={t("blind_spots_due_about")}>
      <Answer of={found}>
        {(maps) => {
          const with_some = maps.filter((map) => map.blind_spots);
          if (!with_some.length) return <p className="muted">{t("no_blind_spots")}</p>;
          return (
            <ul className="list">
              {with_some.slice(0, 4).map((map) => (
                <li key={map.map}>
                  <p className="row">
                    <Link className="grow" to="/maps/$slug" params={{ slug: map.map }} search={{ view: "evidence" } as never}>{map.title}</Link>
                    <span>{map.new_blind_spots ? <span className="strong">{t("new_n", { n: map.new_blind_spots })} · </span> : null}<span className="muted">{t("blind_spots_n", { n: map.blind_spots })}</span></span>
                  </p>
                  {map.most_frequent.slice(0, 2).map((spot) => (
                    <p key={spot.id} className="row small">
                      <span className="grow muted">{[spot.label[language], spot.stage && term("stage", spot.stage, language)].filter(Boolean).join(" · ")}</span>
                      <FigureView figure={spot.coverage} unit="share" behind={{}} bare />
                    </p>
                  ))}
                </li>
              ))}
            </ul>
          );
        }}
      </Answer>
    </Section>
  );
}
