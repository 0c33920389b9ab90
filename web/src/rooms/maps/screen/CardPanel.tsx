import { Button, Select, Textarea, TextInput, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ClaimRows } from "@/parts/ClaimRows";
import { AddEvidence } from "@/parts/documents/AddEvidence";
import { EditList, type Log } from "@/parts/documents/EditList";
import { EvidenceRow } from "@/parts/documents/EvidenceRow";
import { FigureView } from "@/parts/FigureView";
import { useOwn } from "@/parts/filters";
import { Mentioned, MentionText } from "@/parts/MentionText";
import { Side } from "@/parts/Side";
import { Answer, Empty } from "@/parts/States";
import { Tabs } from "@/parts/Tabs";
import { Verdict } from "@/parts/Verdict";
import { get, post } from "@/wire/api";
import { recipeWords } from "@/wire/result";
import { useWords } from "@/words/i18n";
import { date, moment } from "@/words/numbers";
import { CHANNELS, laneKind, ROLES, term } from "@/words/terms";
import type { TextKey } from "@/words/texts";
import { newId, setOf } from "@/parts/documents/changes";
import { claimParts } from "../model/claimText";
import { said, sorted } from "@/parts/documents/things";
import { commentsOn } from "../model/layout";
import { PROVENANCES, type Card, type CheckedClaim } from "../model/types";
import { comparisonOf, unitOfClaim } from "./CardFace";
import { ClaimForm } from "./ClaimForm";

import { useScreen } from "./context";
import { useKept } from "@/parts/documents/useKept";

const TABS = ["card", "evidence", "discussion", "history"] as const;
type TabName = (typeof TABS)[number];

/** All about one card, beside the map: what it says, what it rests on, what was said about it, how it came to be. */
export function CardPanel({ card, slug, onClose }: { card: Card; slug: string; onClose: () => void }) {
  const { t, language } = useWords();
  const screen = useScreen();
  const [asked, setTab] = useOwn("tab");
  const tab = TABS.find((one) => one === asked) ?? (screen.view === "evidence" ? "evidence" : "card");
  const claim = screen.claims.get(card.id);
  const stage = screen.document.stages?.[card.stage ?? ""];
  const lane = screen.document.lanes?.[card.lane ?? ""];
  const where = [stage && said(stage, "title", language), lane && (said(lane, "title", language) || laneKind(lane.kind ?? "own").title[language])].filter(Boolean).join(" · ");
  const talk = commentsOn(screen.document, card.id);
  const titles: Record<TabName, string> = { card: t("card"), evidence: t("evidence"), discussion: talk.length ? `${t("discussion")} (${talk.length})` : t("discussion"), history: t("history") };
  return (
    <div className="map-panel">
      <Side title={said(card, "text", language) || t("card_empty")} about={where} onClose={onClose}>
        <Tabs tabs={TABS.map((id) => ({ id, title: titles[id] }))} open={tab} onOpen={setTab} label={t("card")} />
        {tab === "card" && <Fields card={card} claim={claim} />}
        {tab === "evidence" && <EvidenceTab card={card} claim={claim} slug={slug} />}
        {tab === "discussion" && <Discussion card={card} />}
        {tab === "history" && <CardHistory card={card} slug={slug} />}
      </Side>
    </div>
  );
}

function Fields({ card, claim }: { card: Card; claim: CheckedClaim | undefined }) {
  const { t, language } = useWords();
  const screen = useScreen();
  const off = !screen.mayEdit;
  const set = (field: string, value: unknown) => screen.edit(setOf("cards", card.id, field, value));
  const kept = (field: string) => (text: string, since: number) => screen.editSince(since, setOf("cards", card.id, field, text));
  const text = useKept(said(card, "text", language), screen.revision, kept("text"));
  const detail = useKept(card.detail ?? "", screen.revision, kept("detail"));
  const owner = useKept(card.owner ?? "", screen.revision, kept("owner"));
  const isOpportunity = screen.document.lanes?.[card.lane ?? ""]?.kind === "opportunities";
  return (
    <div className="stack">
      <Textarea label={t("card_text")} readOnly={off} autosize minRows={2} {...text} />
      <Textarea label={t("card_detail")} readOnly={off} autosize minRows={2} {...detail} />
      <Select label={t("provenance")} description={t("provenance_about")} data={PROVENANCES.map((value) => ({ value, label: t(`provenance_${value}` as TextKey) }))} value={card.provenance ?? "hypothesis"} disabled={off} onChange={(value) => set("provenance", value)} />
      <ClaimField card={card} claim={claim} />
      <div className="fields">
        <Select label={t("role")} data={ROLES.map((value) => ({ value, label: term("role", value, language) }))} value={card.role || null} clearable disabled={off} onChange={(value) => set("role", value)} />
        <Select label={t("channel")} data={CHANNELS.map((value) => ({ value, label: term("channel", value, language) }))} value={card.channel || null} clearable searchable disabled={off} onChange={(value) => set("channel", value)} />
        <TextInput label={t("owner")} readOnly={off} {...owner} />
        <TextInput key={`r${card.review_by}`} type="date" label={t("review_by")} defaultValue={card.review_by ?? ""} readOnly={off} onBlur={(event) => event.currentTarget.value !== (card.review_by ?? "") && set("review_by", event.currentTarget.value)} />
        {isOpportunity && (
          <>
            <Select label={t("effort")} data={["1", "2", "3", "4", "5"]} value={card.effort ? String(card.effort) : null} clearable disabled={off} onChange={(value) => set("effort", value ? Number(value) : null)} />
            <Select label={t("effect")} data={["1", "2", "3", "4", "5"]} value={card.effect ? String(card.effect) : null} clearable disabled={off} onChange={(value) => set("effect", value ? Number(value) : null)} />
          </>
        )}
      </div>
      <Switch label={t("moment_of_truth")} checked={Boolean(card.moment_of_truth)} disabled={off} onChange={(event) => set("moment_of_truth", event.currentTarget.checked || null)} />
      {screen.mayEdit && (
        <div className="row">
          <Button onClick={() => screen.moveCard(card)}>{t("move_to")}</Button>
          <Button onClick={() => screen.edit({ do: "add", collection: "cards", thing: { ...card, id: newId("c"), order: `${card.order ?? ""}1` } })}>{t("duplicate")}</Button>
          <Button color="contradicted" onClick={() => { screen.edit({ do: "remove", collection: "cards", id: card.id }); screen.choose(""); }}>{t("remove")}</Button>
        </div>
      )}
    </div>
  );
}

/** The claim: as a sentence with its verdict, put together in words, and as text for all that the form does not ask. */
function ClaimField({ card, claim }: { card: Card; claim: CheckedClaim | undefined }) {
  const { t, language } = useWords();
  const screen = useScreen();
  const fault = claim?.fault && [claim.fault.said?.[language] ?? claim.fault.what, claim.fault.advised?.[language] ?? claim.fault.do_next].filter(Boolean).join(" ");
  const set = (text: string) => text !== (card.claim ?? "") && screen.edit(setOf("cards", card.id, "claim", text));
  const written = useKept(card.claim ?? "", screen.revision, (said, since) => screen.editSince(since, setOf("cards", card.id, "claim", said.trim())));
  const text = (
    <Textarea label={t("claim_text")} description={t("claim_about")} placeholder="coverage(article) in research >= 0.4" readOnly={!screen.mayEdit} autosize styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }} {...written} />
  );
  const more = Boolean(card.claim) && !claimParts(card.claim!);
  return (
    <fieldset className="claim">
      <legend>{t("claim")}</legend>
      {card.claim ? <p>{claim?.sentence?.[language] ?? card.claim} {claim && <Verdict verdict={claim.verdict} />}</p> : <p className="muted">{t("no_claim")}</p>}
      {fault && <p className="late" role="alert">{fault}</p>}
      {screen.mayEdit && (
        <>
          {!more && <details open={!card.claim && screen.view === "evidence"}><summary className="link">{t(card.claim ? "claim_change" : "claim_make")}</summary><ClaimForm key={card.claim} card={card} onClaim={set} /></details>}
          <details open={more}><summary className="muted small">{t("claim_as_text")}</summary>{text}</details>
        </>
      )}
    </fieldset>
  );
}

function EvidenceTab({ card, claim, slug }: { card: Card; claim: CheckedClaim | undefined; slug: string }) {
  const { t, language } = useWords();
  const screen = useScreen();
  const [rows, setRows] = useState(false);
  const links = Object.values(card.evidence ?? {});
  return (
    <div className="stack">
      {claim ? (
        <>
          <p className="verdict-line">
            <Verdict verdict={claim.verdict} />
          </p>
          {claim.figure && <p><FigureView big figure={claim.figure} unit={unitOfClaim(claim)} behind={{ recipe: claim.recipe, population: claim.population, as_of: screen.check?.as_of }} onOpen={() => setRows(true)} /></p>}
          <p>{t("card_claims", { claim: comparisonOf(claim, language) })} {t(`verdict_${claim.verdict}_why` as TextKey)}</p>
          {claim.recipe && <p className="muted">{recipeWords(claim.recipe, language)} · {t("recipe_version", { name: claim.recipe.name, version: claim.recipe.version })}</p>}
          <p className="muted small">
            {claim.newest && `${t("newest_evidence", { date: date(claim.newest, language) })} · `}
            {screen.check?.as_of && `${t("as_of")} ${date(screen.check.as_of, language)}`}
          </p>
          {claim.told?.[language]?.length ? <ul className="notes">{claim.told[language].map((one) => <li key={one}>{one}</li>)}</ul> : null}
          <div><Button onClick={() => setRows(true)}>{t("open_rows")}</Button></div>
        </>
      ) : (
        <Empty title={card.claim ? t("claim_unchecked") : t("no_claim")}>{card.claim ? t("claim_unchecked_next") : t("no_claim_next")}</Empty>
      )}
      <h3>{t("quotes_and_links")}</h3>
      {links.length ? <ul className="list">{links.map((link) => <EvidenceRow key={link.ref} link={link} onUnlink={screen.mayEdit ? () => screen.edit({ do: "unlink", collection: "cards", id: card.id, ref: link.ref }) : undefined} />)}</ul> : <p className="muted">{t("no_links")}</p>}
      {screen.mayEdit && <AddEvidence there={card.evidence} onLink={(evidence) => screen.edit({ do: "link", collection: "cards", id: card.id, evidence })} />}
      {rows && claim && <ClaimRows slug={slug} claim={claim} title={said(card, "text", language)} onClose={() => setRows(false)} />}
    </div>
  );
}

function Discussion({ card }: { card: Card }) {
  const { t, language } = useWords();
  const screen = useScreen();
  const [text, setText] = useState("");
  const talk = commentsOn(screen.document, card.id);
  return (
    <div className="stack">
      {talk.length ? (
        <ul className="list">
          {talk.map((comment) => (
            <li key={comment.id} className={comment.done ? "muted" : ""}>
              <p className="small muted">{[comment.author, comment.at && moment(comment.at, language)].filter(Boolean).join(" · ")}</p>
              <p><Mentioned text={comment.text ?? ""} /></p>
              {screen.mayEdit && <button type="button" className="link small" onClick={() => screen.edit(setOf("comments", comment.id, "done", !comment.done))}>{comment.done ? t("open_again") : t("settle")}</button>}
            </li>
          ))}
        </ul>
      ) : (
        <p className="muted">{t("no_comments")}</p>
      )}
      {screen.mayComment && (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (!text.trim()) return;
            screen.edit({ do: "comment", id: newId("m"), about: card.id, text: text.trim(), author: "", at: new Date().toISOString() });
            setText("");
          }}
        >
          <MentionText label={t("comment")} value={text} onChange={setText} />
          <div><Button type="submit" variant="filled">{t("send")}</Button></div>
        </form>
      )}
    </div>
  );
}

function CardHistory({ card, slug }: { card: Card; slug: string }) {
  const { t } = useWords();
  const screen = useScreen();
  const log = useQuery({ queryKey: ["map-history", slug, card.id, sorted(screen.document.cards).length], queryFn: () => get<Log>("/api/v1/maps/{slug}/history", { path: { slug }, query: { thing: card.id } }), staleTime: 0 });
  return (
    <Answer of={log}>
      {(found) => (
        <EditList
          edits={found.edits} document={screen.document}
          after={(edit) => (
            <>
              {edit.told?.length ? <p className="small muted">{t("wrote_over")}</p> : null}
              {screen.mayEdit && <button type="button" className="link small" onClick={() => void post("/api/v1/maps/{slug}/restore", { to: String(edit.revision), only: card.id }, { path: { slug } })}>{t("restore_this")}</button>}
            </>
          )}
        />
      )}
    </Answer>
  );
}
