import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { Clashes } from "@/parts/documents/Clashes";
import { said } from "@/parts/documents/things";
import { useEdits, type Answered } from "@/parts/documents/useEdits";
import { DocumentMenu } from "@/parts/DocumentMenu";
import { ExportMenu } from "@/parts/ExportMenu";
import { useOwn } from "@/parts/filters";
import { Page } from "@/parts/Page";
import { Satisfaction } from "@/parts/Satisfaction";
import { Answer } from "@/parts/States";
import { address, get } from "@/wire/api";
import { useMay } from "@/wire/session";
import { useWords } from "@/words/i18n";
import { date } from "@/words/numbers";
import { term } from "@/words/terms";
import { Duplicate } from "./Duplicate";
import { PersonaEvidence } from "./Evidence";
import { Head } from "./Head";
import { isBacked, type Persona } from "./persona";
import { TraitPanel } from "./TraitPanel";
import { Traits } from "./Traits";
import "./persona.css";

/** A persona: what the evidence says of it today, what is known and believed of it, and who belongs. */
export default function PersonaRoom() {
  const { slug } = useParams({ strict: false }) as { slug: string };
  const persona = useQuery({ queryKey: ["persona", slug], queryFn: () => get<Answered<Persona>>("/api/v1/personas/{id}", { path: { id: slug } }) });
  return persona.data ? <Shown key={slug} slug={slug} answer={persona.data} /> : <div className="page"><Answer of={persona}>{() => null}</Answer></div>;
}

function Shown({ slug, answer }: { slug: string; answer: Answered<Persona> }) {
  const { t, language } = useWords();
  const may = useMay("editor");
  const { document: persona, revision } = answer;
  const edits = useEdits<Persona>({ many: "personas", slug, queryKey: ["persona", slug], also: [["personas"], ["filters"], ["analysis"]] }, revision);
  const [open, setOpen] = useOwn("trait");
  const [copying, setCopying] = useState(false);
  const [bare, setBare] = useState(false);
  const traits = Object.values(persona.traits ?? {});
  const title = said(persona, "title", language) || slug;
  const hasRule = Object.keys(persona.rule ?? {}).length > 0;
  const about = [said(persona, "sentence", language), persona.roles?.map((role) => term("role", role, language)).join(", "), persona.owner && t("owned_by", { name: persona.owner }), persona.review_by && t("next_review", { date: date(persona.review_by, language) })];
  const trait = open ? persona.traits?.[open] : undefined;
  return (
    <Page
      title={title}
      about={about.filter(Boolean).join(" · ")}
      actions={
        <>
          <ExportMenu label={t("one_page")} formats={["pdf", "pptx", "png", "svg", "html"]} address={(format) => address("/api/v1/personas/{id}/report", { path: { id: slug }, query: { format, language } })} />
          <DocumentMenu many="personas" slug={slug} document={persona} revision={revision} onChanged={edits.again} onDuplicate={() => setCopying(true)} />
        </>
      }
    >
      <Clashes of={edits} document={persona} />
      <PersonaEvidence slug={slug} revision={revision} hasRule={hasRule} called={(id) => persona.traits?.[id] && said(persona.traits[id], "text", language)} />
      {hasRule && <Satisfaction persona={slug} />}
      <Grounded backed={traits.filter(isBacked).length} all={traits.length} bare={bare} onBare={setBare} />
      <Traits persona={persona} revision={revision} edits={edits} may={may} bare={bare} onOpen={(one) => setOpen(one.id)} />
      {may && <Head persona={persona} revision={revision} edits={edits} />}
      {trait && <TraitPanel key={trait.id} persona={persona} trait={trait} revision={revision} edits={edits} may={may} onClose={() => setOpen(undefined)} />}
      {copying && <Duplicate of={slug} title={title} onClose={() => setCopying(false)} />}
    </Page>
  );
}

/** How far the persona rests on evidence, at a glance, and the way to what does not yet. */
function Grounded({ backed, all, bare, onBare }: { backed: number; all: number; bare: boolean; onBare: (bare: boolean) => void }) {
  const { t } = useWords();
  return (
    <div className="row grounded">
      <div className="grow">
        <p className="lead-line">{backed ? t("rests_on", { n: backed, of: all }) : t("rests_on_assumption")}</p>
        {all > 0 && <div className="grounded-bar" aria-hidden><span style={{ width: `${(100 * backed) / all}%` }} /></div>}
      </div>
      {all > 0 && <SegmentedControl className="noprint" size="xs" aria-label={t("traits_shown")} data={[{ value: "all", label: t("traits_all") }, { value: "bare", label: t("traits_bare", { n: all - backed }) }]} value={bare ? "bare" : "all"} onChange={(value) => onBare(value === "bare")} />}
    </div>
  );
}
