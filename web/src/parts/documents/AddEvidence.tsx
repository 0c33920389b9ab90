import { Button, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { get } from "@/wire/api";
import { useWords } from "@/words/i18n";
import type { EvidenceLink } from "./things";

interface Insights {
  insights: { what: string; quotes: EvidenceLink[] }[];
}

/** Evidence for a statement: a coded passage of an interview, chosen by its words, or any other source by its name. */
export function AddEvidence({ there, onLink }: { there: Record<string, unknown> | undefined; onLink: (evidence: EvidenceLink) => void }) {
  const { t } = useWords();
  const [ref, setRef] = useState("");
  const [quote, setQuote] = useState("");
  const [speaker, setSpeaker] = useState("");
  const found = useQuery({ queryKey: ["insights", "topic"], queryFn: () => get<Insights>("/api/v1/interviews/insights", { query: { by: "topic" } }), retry: false });
  const passages = new Map((found.data?.insights ?? []).flatMap((one) => one.quotes.map((passage) => [passage.ref, { ...passage, what: one.what }] as const)));
  return (
    <>
      {passages.size > 0 && (
        <Select
          label={t("quote_of_interview")} description={t("quote_of_interview_about")} searchable selectFirstOptionOnChange value={null}
          data={[...passages].filter(([id]) => !there?.[id]).map(([value, one]) => ({ value, label: `${one.what}: „${one.quote ?? ""}“` }))}
          onChange={(value) => {
            const passage = value ? passages.get(value) : undefined;
            if (passage) onLink({ ref: passage.ref, quote: passage.quote ?? "", ...(passage.speaker ? { speaker: passage.speaker } : {}) });
          }}
        />
      )}
      <details>
        <summary className="muted small">{t("other_evidence")}</summary>
        <form
          className="row"
          onSubmit={(event) => {
            event.preventDefault();
            if (!ref.trim()) return;
            onLink({ ref: ref.trim(), quote: quote.trim(), ...(speaker.trim() ? { speaker: speaker.trim() } : {}) });
            setRef("");
            setQuote("");
            setSpeaker("");
          }}
        >
          <TextInput className="grow" label={t("evidence_ref")} placeholder="interview:int-07#t=412" value={ref} onChange={(event) => setRef(event.currentTarget.value)} />
          <TextInput className="grow" label={t("quote")} value={quote} onChange={(event) => setQuote(event.currentTarget.value)} />
          <TextInput label={t("said_by")} value={speaker} onChange={(event) => setSpeaker(event.currentTarget.value)} w={140} />
          <Button type="submit" mt={18}>{t("link_it")}</Button>
        </form>
      </details>
    </>
  );
}
