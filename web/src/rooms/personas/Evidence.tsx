import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { passageOf } from "@/parts/documents/passageOf";
import { FigureView } from "@/parts/FigureView";
import { Section } from "@/parts/Page";
import { RowsPanel } from "@/parts/RowsPanel";
import { Answer } from "@/parts/States";
import { Verdict } from "@/parts/Verdict";
import { ClaimRows } from "@/parts/ClaimRows";
import { address, get } from "@/wire/api";
import type { Recipe, Rows } from "@/wire/result";
import type { Figure } from "@/words/figures";
import { useWords } from "@/words/i18n";
import { date, number } from "@/words/numbers";
import { term } from "@/words/terms";
import type { TextKey } from "@/words/texts";
import { Changes, type PersonaChanges } from "./Changes";
import { MiniCurve } from "./MiniCurve";

interface Insight {
  what: string;
  k: number;
  n: number;
  quotes: { ref: string; quote: string; speaker: string }[];
}

export interface PersonaPage {
  as_of: string | null;
  size: { persons: number; accounts: number; journeys: number; share: Figure; active: { month: string; persons: number }[]; unassigned: number; overlap: Record<string, number> } | null;
  revenue: Figure | null;
  win_rate: Figure | null;
  win_rate_of_all: Figure | null;
  recipes: Record<string, Recipe>;
  quotes: { ref: string; quote: string; speaker: string }[];
  interviews: number;
  forces: Record<string, Insight[]>;
  insights: Record<string, Insight[]>;
  roles: { role: string; label: Record<string, string>; figure: Figure }[];
  needs: { survey: string; outcome: string; of: string; figure: Figure; recipe: Recipe }[];
  journeys: { map: string; title: string; curve: { stage: string; how: string; value: number }[]; lowest: { stage: string; value: number } | null; contradicted: number }[];
  wrong: { map?: string; persona?: string; card: string; verdict: "contradicted"; claim: string; sentence: Record<string, string>; figure: Figure | null; recipe: Recipe | null }[];
  oldest_evidence: string | null;
  missing_sources: string[];
  changes: PersonaChanges;
}

/** What the evidence knows of a persona today: size, worth, roles, words, needs, journeys, and where the page is wrong. */
export function PersonaEvidence({ slug, revision, hasRule, called }: { slug: string; revision: number; hasRule: boolean; called: (id: string) => string | undefined }) {
  const { t, language } = useWords();
  const found = useQuery({ queryKey: ["persona-page", slug, revision], queryFn: () => get<PersonaPage>("/api/v1/personas/{id}/page", { path: { id: slug } }) });
  const [rows, setRows] = useState<{ figure: string; title: string } | null>(null);
  const [wrong, setWrong] = useState<PersonaPage["wrong"][number] | null>(null);
  const opens = (figure: string, title: string) => () => setRows({ figure, title });
  return (
    <>
    <Answer of={found}>
      {(page) => {
        const behind = (name: string) => ({ recipe: page.recipes[name], as_of: page.as_of });
        return (
          <>
            {page.size ? (
              <dl className="keyfigures persona-figures">
                <Key title={t("people_known")} about={<FigureView figure={page.size.share} unit="share" bare behind={behind("size")} onOpen={opens("size", t("people_known"))} />}>{number(page.size.persons, language)}</Key>
                <Key title={t("room_accounts")} about={<Link to="/journeys" search={{ persona: slug } as never}>{t("journeys_n", { n: page.size.journeys, shown: number(page.size.journeys, language) })}</Link>}>{number(page.size.accounts, language)}</Key>
                {page.revenue && <Key title={t("share_of_revenue")}><FigureView big figure={page.revenue} unit="share" bare behind={behind("revenue")} onOpen={opens("revenue", t("share_of_revenue"))} /></Key>}
                {page.win_rate && (
                  <Key title={t("win_rate")} about={page.win_rate_of_all && <>{t("of_all_journeys")} <FigureView figure={page.win_rate_of_all} unit="share" bare behind={behind("win_rate")} onOpen={opens("win_rate_of_all", t("of_all_journeys"))} /></>}>
                    <FigureView big figure={page.win_rate} unit="share" bare behind={behind("win_rate")} onOpen={opens("win_rate", t("win_rate"))} />
                  </Key>
                )}
                <Key title={t("active_months")} about={`${t("unassigned_people", { n: page.size.unassigned, shown: number(page.size.unassigned, language) })}`}><Months active={page.size.active} /></Key>
              </dl>
            ) : (
              <p className="muted">{hasRule ? t("size_next_build") : t("size_unknown")}</p>
            )}
            {page.quotes.length > 0 && (
              <Section title={t("in_their_words")}>
                <div className="quotes">
                  {page.quotes.slice(0, 3).map((one) => <blockquote key={one.ref}><p>{one.quote}</p><footer className="muted small">{one.speaker} <QuoteLink at={one.ref} /></footer></blockquote>)}
                </div>
              </Section>
            )}
            <div className="persona">
              {page.roles.length > 0 && (
                <Section title={t("roles_usual")}>
                  <ul className="list">
                    {page.roles.map((one) => (
                      <li key={one.role} className="row"><span className="grow">{one.label[language]}</span><FigureView figure={one.figure} unit="share" behind={{ recipe: page.recipes.roles, as_of: page.as_of }} onOpen={opens(`role:${one.role}`, one.label[language] ?? one.role)} /></li>
                    ))}
                  </ul>
                </Section>
              )}
              <KOfN title={t("trait_forces")} of={page.forces} n={page.interviews} />
              <KOfN title={t("trait_insights")} of={page.insights} n={page.interviews} />
              {page.needs.length > 0 && (
                <Section title={t("needs_by_score")} about={t("needs_by_score_about")}>
                  <ul className="list">
                    {page.needs.slice(0, 8).map((one) => (
                      <li key={`${one.survey}${one.outcome}`} className="row"><span className="grow">{one.outcome}{one.of === "everybody" && <span className="muted"> · {t("of_everybody")}</span>}</span><FigureView figure={one.figure} unit="score" behind={{ recipe: one.recipe, as_of: page.as_of }} /></li>
                    ))}
                  </ul>
                </Section>
              )}
              {page.journeys.length > 0 && (
                <Section title={t("persona_maps")}>
                  <ul className="list">
                    {page.journeys.map((one) => (
                      <li key={one.map} className="row">
                        <Link className="grow" to="/maps/$slug" params={{ slug: one.map }}>{one.title}</Link>
                        <MiniCurve points={one.curve} />
                        {one.lowest && <span className="muted small">{t("lowest_in", { stage: term("stage", one.lowest.stage, language) })}</span>}
                        {one.contradicted > 0 && <span className="verdict-contradicted">✕ {t("contradicted_n", { n: one.contradicted })}</span>}
                      </li>
                    ))}
                  </ul>
                </Section>
              )}
              <Section title={t("where_wrong")}>
                <ul className="list">
                  {page.wrong.map((one) => (
                    <li key={`${one.map}${one.card}${one.claim}`}>
                      <p>{one.map ? <Link to="/maps/$slug" params={{ slug: one.map }} search={{ view: "evidence", card: one.card } as never}>{one.sentence[language] ?? one.claim}</Link> : (one.sentence[language] ?? one.claim)}</p>
                      <p className="row"><Verdict verdict={one.verdict} />{one.figure && <FigureView figure={one.figure} behind={{ recipe: one.recipe, as_of: page.as_of }} onOpen={one.map ? () => setWrong(one) : undefined} />}</p>
                    </li>
                  ))}
                  {!page.wrong.length && <li className="muted">{t("nothing_wrong")}</li>}
                  {page.oldest_evidence && <li className="muted">{t("oldest_evidence", { date: date(page.oldest_evidence, language) })}</li>}
                  {page.missing_sources.length > 0 && <li className="muted">{t("missing_sources", { names: page.missing_sources.map((one) => t(`provenance_${one}` as TextKey)).join(", ") })}</li>}
                </ul>
              </Section>
              <Changes changes={page.changes} hasSize={page.size !== null} recipes={page.recipes} asOf={page.as_of} called={called} />
            </div>
          </>
        );
      }}
    </Answer>
    {rows && (
      <RowsPanel
        key={rows.figure} title={rows.title} id={["persona", slug, rows.figure, revision]} onClose={() => setRows(null)}
        load={() => get<Rows>("/api/v1/personas/{id}/rows", { path: { id: slug }, query: { figure: rows.figure, limit: 5000 } })}
        exported={(format) => address("/api/v1/personas/{id}/rows/export", { path: { id: slug }, query: { figure: rows.figure, format, language } })}
      />
    )}
    {wrong?.map && <ClaimRows slug={wrong.map} claim={wrong} title={t("where_wrong")} onClose={() => setWrong(null)} />}
    </>
  );
}

/** The way to where words were said; an address that the page has no place for is named. */
function QuoteLink({ at }: { at: string }) {
  const { t } = useWords();
  const passage = passageOf(at);
  return passage ? <Link to="/interviews/$slug" params={{ slug: passage.interview }} search={{ passage: passage.passage || undefined } as never}>{t("to_passage")}</Link> : <>{at}</>;
}

function Key({ title, about, children }: { title: string; about?: ReactNode; children: ReactNode }) {
  return (
    <div>
      <dt className="muted">{title}</dt>
      <dd className="value">{children}</dd>
      {about && <dd className="muted small">{about}</dd>}
    </div>
  );
}

function KOfN({ title, of, n }: { title: string; of: Record<string, Insight[]>; n: number }) {
  const { t } = useWords();
  const kinds = Object.entries(of).filter(([, found]) => found.length);
  if (!kinds.length) return null;
  return (
    <Section title={title} about={t("of_interviews", { n })}>
      <ul className="list">
        {kinds.map(([kind, found]) => (
          <li key={kind}>
            <h3>{t(`trait_${kind}` as TextKey)}</h3>
            {found.slice(0, 4).map((one) => (
              <p key={one.what} className="row"><span className="grow">{one.what === kind ? (one.quotes[0]?.quote ?? "") : one.what}</span><span className="muted">{t("k_of", { k: one.k, n: one.n })}</span></p>
            ))}
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** How many of them did something, month by month. */
function Months({ active }: { active: { month: string; persons: number }[] }) {
  const { t, language } = useWords();
  const most = Math.max(1, ...active.map((one) => one.persons));
  const words = active.map((one) => `${one.month}: ${number(one.persons, language)}`).join(", ");
  return (
    <svg className="months" viewBox={`0 0 ${active.length * 9} 28`} role="img" aria-label={`${t("active_months")}: ${words}`}>
      {active.map((one, at) => <rect key={one.month} x={at * 9} width={7} y={28 - (26 * one.persons) / most} height={(26 * one.persons) / most}><title>{`${one.month}: ${number(one.persons, language)}`}</title></rect>)}
    </svg>
  );
}
