import { Button, Menu } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { useCommands } from "@/parts/commands";
import { FilterBar } from "@/parts/FilterBar";
import { FigureView } from "@/parts/FigureView";
import { useOwn } from "@/parts/filters";
import { useTitle } from "@/parts/Page";
import { RowsSide } from "@/parts/ResultView";
import { FaultNote } from "@/parts/States";
import { shapeOf, VERDICTS, verdictKey } from "@/parts/Verdict";
import { post, type Query } from "@/wire/api";
import { useMay } from "@/wire/session";
import { isFigure } from "@/words/figures";
import { useWords } from "@/words/i18n";
import { date, number } from "@/words/numbers";
import { term } from "@/words/terms";
import { newId, setOf, type Change } from "@/parts/documents/changes";
import { said } from "@/parts/documents/things";
import { claimsByCard, gridOf, type Cell } from "./model/layout";
import { between } from "@/parts/documents/order";
import type { BlindSpot, Card, Check, MapAnswer } from "./model/types";
import { AgreementRows } from "./screen/AgreementRows";
import { SpotRows } from "./screen/BlindSpots";
import { CardPanel } from "./screen/CardPanel";
import { Conflicts } from "./screen/Conflicts";
import { ScreenProvider, type Screen, type StageFigures } from "./screen/context";
import { COLUMN, levelOf, ZOOMS } from "./screen/look";
import { MapGrid, placeAtEnd } from "./screen/MapGrid";
import { OneStage } from "./screen/OneStage";
import { Minimap } from "./screen/Minimap";
import { Marked } from "./screen/Marked";
import { Present } from "./screen/Present";
import { TableView } from "./screen/TableView";
import { useLiveMap } from "./useLiveMap";
import "./map.css";

const Paste = lazy(() => import("./dialogs/Paste").then((found) => ({ default: found.Paste })));
const Move = lazy(() => import("./dialogs/Move").then((found) => ({ default: found.Move })));
const Versions = lazy(() => import("./dialogs/Versions").then((found) => ({ default: found.Versions })));
const Print = lazy(() => import("./dialogs/Print").then((found) => ({ default: found.Print })));
const Share = lazy(() => import("./dialogs/Share").then((found) => ({ default: found.Share })));
const Keys = lazy(() => import("./dialogs/Keys").then((found) => ({ default: found.Keys })));

const CurveView = lazy(() => import("./screen/CurveView").then((found) => ({ default: found.CurveView })));
const Matrix = lazy(() => import("./screen/Matrix").then((found) => ({ default: found.Matrix })));

/** What tells the rows of the answer about stages apart. */
const STAGE_KEYS = ["stage", "journey_kinds", "moved_on", "median_days"];
const NONE: ReadonlySet<string> = new Set();

type Dialog = "" | "paste" | "versions" | "print" | "share" | "keys" | "present";

interface Props {
  slug: string;
  start: MapAnswer;
  check: Check | undefined;
  checkFault: unknown;
  recheck: () => void;
  stages: Map<string, StageFigures>;
  stageQuery: Query;
  total: unknown;
}

/** The map screen: the head, the map (or its table), the side panel, and what can be done. */
export function MapScreen({ slug, start, check, checkFault, recheck, stages, stageQuery, total }: Props) {
  const { t, language } = useWords();
  const queries = useQueryClient();
  const { live, state } = useLiveMap(slug, start);
  const { document } = state;
  const [view, setView] = useOwn("view", "design");
  const [kind, setKind] = useOwn("as", "map");
  const [chosen, setChosen] = useOwn("card");
  const [zoomText, setZoom] = useOwn("zoom", "1");
  const [editing, setEditing] = useState("");
  const [moving, setMoving] = useState<Card[]>([]);
  const [dialog, setDialog] = useState<Dialog>("");
  const [told, setTold] = useState("");
  const [hidden, setHidden] = useState(false);
  const [marked, setMarked] = useState<ReadonlySet<string>>(NONE);
  const mark = useCallback((id: string) => setMarked((before) => (before.has(id) ? new Set([...before].filter((one) => one !== id)) : new Set([...before, id]))), []);
  const together = useMemo(() => [...marked].flatMap((id) => document.cards?.[id] ?? []), [marked, document]);
  const frame = useRef<HTMLDivElement>(null);
  const zoom = Number(zoomText) || 1;
  const grid = useMemo(() => gridOf(document, hidden), [document, hidden]);
  // On a narrow screen a stage at a time, unless the whole is asked for.
  const narrow = useMediaQuery("(max-width: 760px)", false, { getInitialValueInEffect: false });
  const [whole, setWhole] = useOwn("whole");
  const [stageName, setStageName] = useOwn("stage");
  const single = Boolean(narrow) && kind === "map" && !whole;
  const stageAt = Math.max(0, grid.columns.findIndex((column) => column.key === stageName));
  const claims = useMemo(() => claimsByCard(check), [check]);
  const can = start.can ?? "edit";
  const mayEdit = can === "edit";
  useTitle(said(document, "title", language));

  const edit = useCallback((...changes: Change[]) => live.edit(...changes), [live]);
  const editSince = useCallback((since: number, ...changes: Change[]) => live.editSince(since, ...changes), [live]);
  const choose = useCallback(
    (card: string) => {
      setChosen(card || undefined);
      live.point(card);
    },
    [live, setChosen],
  );
  const addCard = useCallback(
    (stage: string, step: string, lane: string) => {
      const id = newId("c");
      const cell = gridOf(live.state().document).rows.find((row) => row.lane.id === lane)?.cells.find((one) => one.column.stage.id === stage && (one.column.step?.id ?? "") === step);
      live.begin({ do: "add", collection: "cards", thing: { id, text: "", stage, step, lane, order: between(cell?.cards.at(-1)?.order ?? null, null) } });
      setEditing(id);
    },
    [live],
  );
  const stopEditing = useCallback(() => {
    // A card that was just begun and on which nothing was written goes again.
    live.drop();
    setEditing((card) => {
      requestAnimationFrame(() => frame.current?.querySelector<HTMLElement>(`[data-card="${card}"]`)?.focus({ preventScroll: true }));
      return "";
    });
  }, [live]);

  // A claim that was written is checked soon after, without asking.
  const written = useMemo(() => Object.values(document.cards ?? {}).map((card) => card.claim ?? "").join("\n"), [document.cards]);
  const first = useRef(written);
  useEffect(() => {
    if (first.current === written) return;
    const timer = setTimeout(recheck, 1500);
    return () => clearTimeout(timer);
  }, [written, recheck]);

  const undo = useMutation({
    mutationFn: async (redo: boolean) => {
      await live.settled();
      return post("/api/v1/maps/{slug}/undo", { redo }, { path: { slug } });
    },
    onSuccess: () => (state.link === "live" ? undefined : live.refresh()),
  });
  const draft = useMutation({
    mutationFn: () => post("/api/v1/maps/{slug}/draft", {}, { path: { slug } }),
    onSuccess: async () => {
      if (state.link !== "live") await live.refresh();
      await queries.invalidateQueries({ queryKey: ["map-check", slug] });
    },
  });

  const takeSpot = useMutation({
    mutationFn: (id: string) => post("/api/v1/maps/{slug}/blind-spots", { ids: [id] }, { path: { slug } }),
    onSuccess: async () => {
      if (state.link !== "live") await live.refresh();
      await queries.invalidateQueries({ queryKey: ["map-check", slug] });
    },
  });

  const [stageRows, setStageRows] = useState<{ stage: string; figure: string } | null>(null);
  const [spot, setSpot] = useState<BlindSpot | null>(null);
  const [agreeing, setAgreeing] = useState(false);
  const stageRow = stageRows ? stages.get(stageRows.stage)?.row : undefined;

  const screen: Screen = {
    document, mayEdit, mayComment: can !== "view", view: view === "evidence" ? "evidence" : "design", level: single ? "full" : levelOf(zoom), language, claims, check, stages,
    members: state.members, chosen, marked, mark, editing, revision: state.revision, edit, editSince, choose, startEditing: setEditing, stopEditing, addCard, moveCard: (card) => setMoving([card]), takeBlindSpot: takeSpot.mutate, openStage: (stage, figure) => setStageRows({ stage, figure }), openBlindSpot: setSpot,
  };

  const step = (by: number) => {
    const at = ZOOMS.findIndex((one) => one >= zoom);
    setZoom(String(ZOOMS[Math.max(0, Math.min(ZOOMS.length - 1, (at < 0 ? ZOOMS.length - 1 : at) + by))]));
  };
  const fit = () => {
    const room = (frame.current?.clientWidth ?? 1200) - 150;
    setZoom(String(Math.max(0.3, Math.min(1.25, Math.floor((room / (grid.columns.length * COLUMN)) * 100) / 100))));
  };
  const next = (verdicts: readonly string[]) => {
    const cards = grid.rows.flatMap((row) => row.cells.flatMap((cell) => cell.cards)).filter((card) => verdicts.includes(claims.get(card.id)?.verdict ?? (card.claim ? "" : "")));
    const found = cards[(cards.findIndex((card) => card.id === chosen) + 1) % cards.length];
    if (!found) return;
    choose(found.id);
    if (single) setStageName(grid.columns.find((column) => (found.step ? column.step?.id === found.step : column.stage.id === found.stage))?.key);
    requestAnimationFrame(() => frame.current?.querySelector(`[data-card="${found.id}"]`)?.scrollIntoView({ block: "center", inline: "center" }));
  };

  const onKey = (event: KeyboardEvent, card: Card | undefined, cell: Cell | undefined): boolean => {
    const done = (what: () => void) => {
      event.preventDefault();
      what();
      return true;
    };
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if ((event.ctrlKey || event.metaKey) && key === "z") return mayEdit ? done(() => undo.mutate(event.shiftKey)) : false;
    if (event.altKey && key.startsWith("Arrow") && card && mayEdit) return done(() => shift(card, key));
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (card) {
      if (key === "Enter" || key === "F2") return done(() => (mayEdit ? setEditing(card.id) : choose(card.id)));
      if (key === " ") return done(() => choose(card.id));
      if (key === "m" && mayEdit) return done(() => setMoving(together.length ? together : [card]));
      if (key === "s") return done(() => mark(card.id));
      if (key === "c") return done(() => choose(card.id));
      if ((key === "Delete" || key === "Backspace") && mayEdit) return done(() => edit({ do: "remove", collection: "cards", id: card.id }));
    }
    if (key === "n" && cell && mayEdit) return done(() => addCard(cell.column.stage.id, cell.column.step?.id ?? "", cell.lane.id));
    if (key === "Escape" && marked.size) return done(() => setMarked(NONE));
    if (key === "Escape" && chosen) return done(() => choose(""));
    if (key === "x") return done(() => next(["contradicted"]));
    if (key === "v") return done(() => next(["no_data", "too_few"]));
    if (key === "e") return done(() => setView(view === "evidence" ? undefined : "evidence"));
    if (key === "+") return done(() => step(1));
    if (key === "-") return done(() => step(-1));
    if (key === "0") return done(fit);
    if (key === "?") return done(() => setDialog("keys"));
    return false;
  };

  const shift = (card: Card, key: string) => {
    const r = grid.rows.findIndex((row) => row.lane.id === card.lane);
    const c = grid.columns.findIndex((column) => (card.step ? column.step?.id === card.step : column.stage.id === card.stage));
    const skip = key === "ArrowDown" ? 1 : key === "ArrowUp" ? -1 : 0;
    let row = r + skip;
    while (skip && grid.rows[row]?.lane.kind === "feelings") row += skip;
    const lane = grid.rows[row]?.lane;
    const column = grid.columns[c + (key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0)];
    if (!lane || !column) return;
    edit({ do: "move", collection: "cards", id: card.id, to: placeAtEnd(grid, card, { stage: column.stage.id, step: column.step?.id ?? "", lane: lane.id }) });
    setTold(t("moved_to", { stage: said(column.step ?? column.stage, "title", language), lane: said(lane, "title", language) }));
    requestAnimationFrame(() => frame.current?.querySelector<HTMLElement>(`[data-card="${card.id}"]`)?.focus());
  };

  useCommands([
    { id: "evidence", title: t(view === "evidence" ? "view_design" : "view_evidence"), keys: "E", run: () => setView(view === "evidence" ? undefined : "evidence") },
    ...(["map", "table", "curve", "matrix"] as const).filter((one) => one !== kind).map((one) => ({ id: `as-${one}`, title: `${t("shown_as")}: ${t(`as_${one}`)}`, run: () => setKind(one === "map" ? undefined : one) })),
    { id: "contradicted", title: t("key_next_contradicted"), keys: "X", run: () => next(["contradicted"]) },
    ...(mayEdit ? [{ id: "undo", title: t("undo"), keys: "Ctrl Z", run: () => undo.mutate(false) }, { id: "paste", title: t("paste_table"), run: () => setDialog("paste") }, { id: "draft", title: t("fill_from_evidence"), run: () => draft.mutate() }, { id: "share", title: t("share"), run: () => setDialog("share") }] : []),
    { id: "recheck", title: t("check_again"), run: recheck },
    { id: "versions", title: t("versions"), run: () => setDialog("versions") },
    { id: "present", title: t("present"), run: () => setDialog("present") },
    { id: "print-map", title: t("print"), run: () => setDialog("print") },
    { id: "keys", title: t("all_keys"), keys: "?", run: () => setDialog("keys") },
  ]);

  const card = chosen ? document.cards?.[chosen] : undefined;
  return (
    <ScreenProvider value={screen}>
      <div className={`map-screen level-${screen.level} view-${screen.view}${card ? " with-panel" : ""}${single ? " single" : ""}`}>
        <header className="map-top noprint">
          <div className="map-title grow">
            <h1>{said(document, "title", language)}</h1>
            <p className="muted">
              {[t(document.state === "to_be" ? "to_be" : "as_is"), (document.journey ?? []).map((one) => term("kind", one, language)).join(", "), document.owner && t("owned_by", { name: document.owner }), document.review_by && t("next_review", { date: date(document.review_by, language) })].filter(Boolean).join(" · ")}
            </p>
          </div>
          <People members={state.members} link={state.link} waiting={state.waiting} />
          <div className="switch" role="group" aria-label={t("view")}>
            {(["design", "evidence"] as const).map((one) => (
              <button key={one} type="button" aria-pressed={screen.view === one} onClick={() => setView(one === "design" ? undefined : one)}>{t(`view_${one}`)}</button>
            ))}
          </div>
          <div className="switch" role="group" aria-label={t("shown_as")}>
            {(["map", "table", "curve", "matrix"] as const).map((one) => (
              <button key={one} type="button" aria-pressed={kind === one} onClick={() => setKind(one === "map" ? undefined : one)}>{t(`as_${one}`)}</button>
            ))}
          </div>
          <Button onClick={() => undo.mutate(false)} disabled={!mayEdit} loading={undo.isPending}>{t("undo")}</Button>
          <Menu position="bottom-end">
            <Menu.Target>
              <Button>{t("more")}</Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item disabled={!mayEdit} onClick={() => undo.mutate(true)}>{t("redo")}</Menu.Item>
              <Menu.Item disabled={!mayEdit} onClick={() => setDialog("paste")}>{t("paste_table")}</Menu.Item>
              <Menu.Item disabled={!mayEdit || draft.isPending} onClick={() => draft.mutate()}>{t("fill_from_evidence")}</Menu.Item>
              <Menu.Item onClick={() => setHidden(!hidden)}>{hidden ? t("hide_hidden") : t("show_hidden")}</Menu.Item>
              {mayEdit && <Menu.Item onClick={() => edit(setOf("" as never, "", "state", document.state === "to_be" ? "as_is" : "to_be"))}>{document.state === "to_be" ? t("mark_as_is") : t("mark_to_be")}</Menu.Item>}
              <Menu.Divider />
              <Menu.Item onClick={() => setDialog("versions")}>{t("versions")}</Menu.Item>
              <Menu.Item onClick={() => setDialog("present")}>{t("present")}</Menu.Item>
              <Menu.Item onClick={() => setDialog("print")}>{t("print")}</Menu.Item>
              <Menu.Item disabled={!mayEdit} onClick={() => setDialog("share")}>{t("share")}</Menu.Item>
              <Menu.Divider />
              <Menu.Item onClick={() => setDialog("keys")}>{t("all_keys")}</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </header>
        <Summary check={check} total={total} recheck={recheck} next={next} onAgreement={() => setAgreeing(true)} />
        {screen.view === "evidence" && <div className="map-filters"><FilterBar names={["since", "persona", "segment", "tier", "outcome", "as_of"]} /></div>}
        {screen.view === "evidence" && checkFault !== null && checkFault !== undefined && <div className="map-filters"><FaultNote error={checkFault} again={recheck} /></div>}
        {(undo.error || draft.error || takeSpot.error) && <div className="map-filters"><FaultNote error={undo.error ?? draft.error ?? takeSpot.error} /></div>}
        <Conflicts state={state} live={live} />
        {kind === "table" ? <div className="map-table"><TableView grid={grid} /></div> : kind === "matrix" ? <div className="map-table"><Matrix onTold={setTold} /></div> : kind === "curve" ? <div className="map-place"><CurveView grid={grid} width={Math.round(COLUMN * zoom)} /></div> : (
          <div className="map-place">
            {single ? (
              <OneStage grid={grid} at={stageAt} frame={frame} onStep={(to) => setStageName(grid.columns[to]?.key)} onWhole={() => setWhole("1")} onKey={onKey} />
            ) : (
              <MapGrid grid={grid} width={Math.round(COLUMN * zoom)} frame={frame} onKey={onKey} />
            )}
            {together.length > 0 && <Marked cards={together} onMove={() => setMoving(together)} onDone={() => setMarked(NONE)} />}
            {!single && <div className="map-tools noprint" role="group" aria-label={t("zoom")}>
              {narrow && <span className="row"><button type="button" onClick={() => setWhole(undefined)}>{t("one_stage")}</button></span>}
              <Minimap grid={grid} frame={frame} />
              <span className="row">
                <button type="button" onClick={() => step(-1)} aria-label={t("zoom_out")}>−</button>
                <button type="button" onClick={fit}>{t("fit")}</button>
                <button type="button" onClick={() => step(1)} aria-label={t("zoom_in")}>+</button>
                <button type="button" onClick={() => setDialog("keys")} aria-label={t("all_keys")}>?</button>
              </span>
            </div>}
          </div>
        )}
        {grid.lost.length > 0 && <p className="map-lost muted">{t("lost_cards", { n: grid.lost.length })}: {grid.lost.slice(0, 5).map((one) => <button key={one.id} type="button" className="link" onClick={() => setMoving([one])}>{said(one, "text", language)} </button>)}</p>}
        {agreeing && <AgreementRows slug={slug} onClose={() => setAgreeing(false)} />}
        {spot && <SpotRows key={spot.id} slug={slug} spot={spot} onClose={() => setSpot(null)} />}
        {stageRow && stageRows && <RowsSide key={`${stageRows.stage}${stageRows.figure}`} name="stages" query={stageQuery} row={stageRow} figure={stageRows.figure} columns={STAGE_KEYS} title={term("stage", stageRows.stage, language)} onClose={() => setStageRows(null)} language={language} />}
        {card && <CardPanel key={card.id} card={card} slug={slug} onClose={() => choose("")} />}
        <Suspense>
          {dialog === "paste" && <Paste onClose={() => setDialog("")} />}
          {dialog === "versions" && <Versions slug={slug} revision={state.revision} onClose={() => setDialog("")} />}
          {dialog === "print" && <Print slug={slug} onClose={() => setDialog("")} />}
          {dialog === "share" && <Share slug={slug} onClose={() => setDialog("")} />}
          {dialog === "keys" && <Keys onClose={() => setDialog("")} />}
          {dialog === "present" && <Present grid={grid} onClose={() => setDialog("")} />}
          {moving.length > 0 && <Move cards={moving} grid={grid} onClose={() => setMoving([])} onMoved={(words) => { setTold(words); setMarked(NONE); }} />}
        </Suspense>
        <p className="hidden" role="status" aria-live="polite">{told}</p>
      </div>
    </ScreenProvider>
  );
}

/** How the claims stand, how far map and evidence agree; each count leads to its cards. */
function Summary({ check, total, recheck, next, onAgreement }: { check: Check | undefined; total: unknown; recheck: () => void; next: (verdicts: readonly string[]) => void; onAgreement: () => void }) {
  const { t, language } = useWords();
  const opens = useMay("viewer");
  const count = new Map<string, number>();
  for (const claim of check?.claims ?? []) count.set(claim.verdict, (count.get(claim.verdict) ?? 0) + 1);
  const agreement = check?.agreement;
  if (!check) return null;
  return (
    <div className="map-summary noprint" role="group" aria-label={t("claims")}>
      {VERDICTS.map((verdict) =>
        count.get(verdict) ? (
          <button key={verdict} type="button" className={`plain tally verdict-${verdict}`} onClick={() => next([verdict])}>
            <span aria-hidden="true">{shapeOf(verdict)}</span> <span className="strong">{count.get(verdict)}</span> <span className="muted">{t(verdictKey(verdict))}</span>
          </button>
        ) : null,
      )}
      {!check.claims.length && <span className="muted">{t("no_claims_yet")}</span>}
      {(check.blind_spots?.length ?? 0) > 0 && <span><span className="strong">{check.blind_spots!.length}</span> <span className="muted">{t("blind_spots")}</span></span>}
      {isFigure(agreement) && agreement.value !== null && <span><FigureView figure={agreement} unit="share" bare behind={{ recipe: agreement.recipe, as_of: check.as_of }} onOpen={opens ? onAgreement : undefined} /> <span className="muted">{t("agreement")}</span></span>}
      <span className="grow" />
      <span className="muted">{[typeof total === "number" ? t("journeys_n", { n: total, shown: number(total, language) }) : "", check.as_of ? `${t("as_of")} ${date(check.as_of, language)}` : ""].filter(Boolean).join(" · ")}</span>
      <button type="button" className="link" onClick={recheck}>{t("check_again")}</button>
    </div>
  );
}

function People({ members, link, waiting }: { members: { member: string; who: string; initials: string }[]; link: string; waiting: number }) {
  const { t } = useWords();
  return (
    <div className="row people" role="status" aria-label={t("who_is_here")}>
      {members.slice(0, 6).map((member) => <span key={member.member} className="initials initials-here" title={member.who}>{member.initials}</span>)}
      {members.length > 6 && <span className="muted">+{members.length - 6}</span>}
      {link === "away" && <span className="away">{waiting ? t("away", { n: waiting }) : t("away_idle")}</span>}
      {(link === "signed_out" || link === "not_allowed" || link === "gone") && <span className="away">{t(`line_${link}`)}{waiting ? ` ${t("kept_here", { n: waiting })}` : ""}</span>}
      {link === "live" && waiting > 0 && <span className="muted small">{t("saving")}</span>}
    </div>
  );
}
