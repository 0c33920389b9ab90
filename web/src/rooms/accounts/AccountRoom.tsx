import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { ExportMenu } from "@/parts/ExportMenu";
import { useOwn } from "@/parts/filters";
import { OutcomeMark } from "@/parts/Outcome";
import { Page, Section } from "@/parts/Page";
import { RowTable } from "@/parts/RowTable";
import { Side } from "@/parts/Side";
import { Answer, Empty } from "@/parts/States";
import { address, get } from "@/wire/api";
import type { Row } from "@/wire/result";
import { useMay } from "@/wire/session";
import { useWords } from "@/words/i18n";
import { date, days, money, moment, number, share } from "@/words/numbers";
import { systemName, term } from "@/words/terms";
import { Chapters } from "./Chapters";
import { StoryDrawing, StoryMap } from "./StoryDrawing";
import type { Journey, Step, Story } from "./story";
import { Why } from "./Why";
import "./accounts.css";

export default function AccountRoom() {
  const { id } = useParams({ strict: false }) as { id: string };
  const story = useQuery({ queryKey: ["account", id], queryFn: () => get<Story>("/api/v1/accounts/{id}", { path: { id } }) });
  return story.data ? <Told story={story.data} /> : <div className="page"><Answer of={story}>{() => null}</Answer></div>;
}

function Told({ story }: { story: Story }) {
  const { t, language } = useWords();
  const may = useMay("editor");
  const [open, setOpen] = useOwn("journey");
  const [why, setWhy] = useState(false);
  const account = story.account;
  const journey = story.journeys.find((one) => one.journey_id === open) ?? [...story.journeys].reverse().find((one) => one.steps.length > 0) ?? story.journeys[0];
  const about = [account.domain, account.city, account.industry, account.employees && t("employees_n", { shown: number(Number(account.employees), language) }), account.tier, account.owner && t("owned_by", { name: String(account.owner) })].filter(Boolean).join(" · ");
  return (
    <Page
      title={account.name || String(account.domain || account.account_id)}
      about={about}
      wide
      actions={
        <>
          <Button onClick={() => setWhy(true)}>{t("why_one_company")}</Button>
          <ExportMenu label={t("one_page")} formats={["pdf", "html", "svg", "png"]} address={(format) => address("/api/v1/accounts/{id}/report", { path: { id: account.account_id }, query: { format, language } })} />
        </>
      }
    >
      {journey ? <JourneyStory key={journey.journey_id} story={story} journey={journey} onJourney={setOpen} /> : <Empty title={t("no_journey")}>{t("no_journey_next")}</Empty>}
      {(story.unresolved?.length ?? 0) > 0 && (
        <Section title={t("unresolved")} about={t("unresolved_about")}>
          <RowTable rows={story.unresolved as Row[]} caption={t("unresolved")} />
        </Section>
      )}
      {why && <Why id={account.account_id} may={may} onClose={() => setWhy(false)} />}
    </Page>
  );
}

function JourneyStory({ story, journey, onJourney }: { story: Story; journey: Journey; onJourney: (id: string) => void }) {
  const { t, language } = useWords();
  const whole = useMemo<[number, number]>(() => {
    const [start, end] = [Date.parse(journey.started_at), Date.parse(journey.ended_at ?? journey.last_step_at ?? journey.started_at)];
    const air = Math.max((end - start) * 0.02, 86_400_000);
    return [start - air, end + air];
  }, [journey]);
  const [window, setWindow] = useState(whole);
  const [step, setStep] = useState<Step | null>(null);
  const online = journey.steps.length ? journey.steps.filter((one) => one.online).length / journey.steps.length : null;
  const sales = journey.first_sales_contact?.at ?? journey.first_sales_at;
  const people = new Map(story.persons.map((person) => [person.person_id, person]));
  const rows: Row[] = journey.steps.map((one) => ({ happened_at: one.happened_at, touchpoint: one.touchpoint, content: one.name ?? one.content ?? one.url ?? null, channel: one.channel ?? null, name: people.get(one.person_id ?? "")?.name ?? null, role: one.role ?? null, stage: one.stage, system: one.source ? systemName(one.source, language) : null }));
  return (
    <>
      <dl className="keyfigures">
        <Key value={<OutcomeMark outcome={journey.outcome} />} words={[term("kind", journey.kind, language), journey.lost_reason].filter(Boolean).join(" · ")} />
        <Key value={days(journey.days, language)} words={`${date(journey.started_at, language)} – ${journey.ended_at ? date(journey.ended_at, language) : t("today")}`} />
        <Key value={number(journey.steps.length, language)} words={t(journey.steps.length === 1 ? "one_step" : "steps")} />
        <Key value={number(journey.buying_center.length, language)} words={t(journey.buying_center.length === 1 ? "one_person" : "people")} />
        {(journey.deal_value ?? 0) > 0 && <Key value={money(journey.deal_value, journey.currency ?? "EUR", language)} words={t("deal_value")} />}
        <Key value={share(online, language)} words={t("of_steps_online")} />
        <Key value={sales ? date(sales, language) : "–"} words={t("first_sales_contact")} />
      </dl>
      {story.journeys.length > 0 && <StoryMap story={story} journey={journey} window={window} onWindow={setWindow} onJourney={onJourney} />}
      <StoryDrawing story={story} journey={journey} window={window} chosen={step} onChoose={setStep} />
      <p className="small muted row legend">
        <span><svg width="12" height="12" aria-hidden="true"><circle cx="6" cy="6" r="5" className="legend-mark" /></svg> {t("online")}</span>
        <span><svg width="12" height="12" aria-hidden="true"><rect x="1" y="1" width="10" height="10" className="legend-mark" /></svg> {t("offline")}</span>
        <span><svg width="12" height="12" aria-hidden="true"><circle cx="6" cy="6" r="4" className="legend-out" /></svg> {t("from_us")}</span>
        <span><svg width="12" height="12" aria-hidden="true"><circle cx="6" cy="6" r="5" className="legend-sales" /></svg> {t("sales_contact")}</span>
        {(window[0] !== whole[0] || window[1] !== whole[1]) && <button type="button" className="link" onClick={() => setWindow(whole)}>{t("whole_journey")}</button>}
      </p>
      <Chapters journey={journey} people={people} />
      {journey.deals.length > 0 && (
        <Section title={t("deals")}>
          <RowTable columns={["name", "status", "amount", "opened_at", "closed_at", "stage", "lost_reason", "owner"]} rows={journey.deals as unknown as Row[]} caption={t("deals")} />
        </Section>
      )}
      <Section title={t("buying_center")}>
        <RowTable rows={journey.buying_center.map((member) => ({ name: people.get(member.person_id)?.name || t("unknown_person"), title: people.get(member.person_id)?.title ?? null, role: member.role ?? null, steps: member.steps, first_at: member.first_at ?? null, last_at: member.last_at ?? null, stage: member.entered_stage ?? null }))} caption={t("buying_center")} />
      </Section>
      <Section title={t("the_steps")}>
        <RowTable rows={rows} caption={t("the_steps")} onRow={(row) => setStep(journey.steps[rows.indexOf(row)] ?? null)} chosen={(row) => step !== null && journey.steps.indexOf(step) === rows.indexOf(row)} />
      </Section>
      {step && <StepSide step={step} story={story} journey={journey} onClose={() => setStep(null)} onStep={setStep} />}
    </>
  );
}

function Key({ value, words }: { value: React.ReactNode; words: string }) {
  return (
    <div>
      <dd className="value" style={{ margin: 0 }}>{value}</dd>
      <dt className="muted">{words}</dt>
    </div>
  );
}

function StepSide({ step, story, journey, onClose, onStep }: { step: Step; story: Story; journey: Journey; onClose: () => void; onStep: (step: Step) => void }) {
  const { t, language } = useWords();
  const person = story.persons.find((one) => one.person_id === step.person_id);
  const at = journey.steps.indexOf(step);
  const rows: [string, string | null | undefined][] = [
    [t("when"), moment(step.happened_at, language)],
    [t("who"), [person?.name ?? (step.person_id ? t("unknown_person") : t("company_lane")), person?.title].filter(Boolean).join(", ")],
    [t("role"), step.role ? term("role", step.role, language) : ""],
    [t("channel"), step.channel ? term("channel", step.channel, language) : ""],
    [t("stage"), term("stage", step.stage, language)],
    [t("what"), step.name ?? step.content],
    [t("address"), step.url],
    [t("campaign"), step.campaign],
    [t("searched_for"), step.term],
    [t("wait_before"), step.wait_before === null || step.wait_before === undefined ? "" : days(step.wait_before, language)],
    [t("learned"), step.learned_at ? moment(step.learned_at, language) : ""],
    [t("record"), [step.source && systemName(step.source, language), step.record_id].filter(Boolean).join(" · ")],
  ];
  return (
    <Side title={term("touchpoint", step.touchpoint, language)} about={t("step_of", { n: at + 1, of: journey.steps.length })} onClose={onClose}>
      <dl className="facts">
        {rows.filter(([, value]) => value).map(([name, value]) => (
          <div key={name}>
            <dt className="muted">{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className="row">
        <Button disabled={at <= 0} onClick={() => onStep(journey.steps[at - 1]!)}>{t("previous")}</Button>
        <Button disabled={at >= journey.steps.length - 1} onClick={() => onStep(journey.steps[at + 1]!)}>{t("next")}</Button>
      </div>
    </Side>
  );
}
