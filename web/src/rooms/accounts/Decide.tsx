import { Button, Select, Textarea, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Section } from "@/parts/Page";
import { FaultNote } from "@/parts/States";
import { post } from "@/wire/api";
import { useWords } from "@/words/i18n";

/** A human's word on who is who, with its reason; it wins over every rule from the next build on. */
export function Decide({ id }: { id: string }) {
  const { t } = useWords();
  const [kind, setKind] = useState<"merge" | "split">("merge");
  const [what, setWhat] = useState("");
  const [reason, setReason] = useState("");
  const decide = useMutation({
    mutationFn: () => post("/api/v1/identity/decisions", { kind, what: what.split(/[\n,]+/).map((one) => one.trim()).filter(Boolean), into: kind === "merge" ? id : "", reason }),
  });
  return (
    <Section title={t("decide_title")} about={t("decide_about")}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          decide.mutate();
        }}
      >
        <Select label={t("decision")} data={[{ value: "merge", label: t("merge_into_this") }, { value: "split", label: t("split_off") }]} value={kind} onChange={(value) => value && setKind(value as typeof kind)} />
        <TextInput label={t("records_or_domains")} description={t("records_example")} value={what} onChange={(event) => setWhat(event.currentTarget.value)} required />
        <Textarea label={t("reason")} value={reason} onChange={(event) => setReason(event.currentTarget.value)} required autosize minRows={2} />
        {decide.error && <FaultNote error={decide.error} />}
        {decide.isSuccess && <p role="status">{t("decided")}</p>}
        <div><Button type="submit" variant="filled" loading={decide.isPending}>{t("decide")}</Button></div>
      </form>
    </Section>
  );
}
