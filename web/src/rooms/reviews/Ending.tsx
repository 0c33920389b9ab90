import { Button, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useKept } from "@/parts/documents/useKept";
import { Section } from "@/parts/Page";
import { FaultNote } from "@/parts/States";
import { post } from "@/wire/api";
import { useWords } from "@/words/i18n";
import type { Review } from "./review";

/** The end of a review: its minutes in one's own words, which are kept meanwhile, and the next date. */
export function Ending({ slug, review, revision, onMinutes }: { slug: string; review: Review; revision: number; onMinutes: (text: string, since: number) => void }) {
  const { t } = useWords();
  const queries = useQueryClient();
  const notes = useKept(review.minutes ?? "", revision, onMinutes);
  const [next, setNext] = useState("");
  const close = useMutation({
    mutationFn: () => post("/api/v1/reviews/{id}/close", { notes: notes.value, next_on: next || null }, { path: { id: slug } }),
    onSuccess: () => Promise.all(["review", "reviews", "maps"].map((name) => queries.invalidateQueries({ queryKey: [name] }))),
  });
  return (
    <Section title={t("close_review")} about={t("close_review_about")}>
      <Textarea label={t("minutes")} autosize minRows={3} maw={760} {...notes} />
      <div className="row review-form">
        <TextInput type="date" label={t("next_on")} description={t("next_on_about")} value={next} onChange={(event) => setNext(event.currentTarget.value)} />
        <Button variant="filled" onClick={() => close.mutate()} loading={close.isPending}>{t("close_review")}</Button>
      </div>
      {close.error && <FaultNote error={close.error} />}
    </Section>
  );
}
