import { Autocomplete, Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FaultNote } from "@/parts/States";
import { post } from "@/wire/api";
import { useWords } from "@/words/i18n";

/** Calls a topic otherwise in all interviews; the name of another topic brings the two together. */
export function RenameTopic({ topic, topics, onDone }: { topic: string; topics: readonly string[]; onDone: () => void }) {
  const { t } = useWords();
  const queries = useQueryClient();
  const [to, setTo] = useState(topic);
  const merges = topics.some((one) => one !== topic && one.toLowerCase() === to.trim().toLowerCase());
  const rename = useMutation({
    mutationFn: () => post("/api/v1/interviews/topics/rename", { topic, to: to.trim() }),
    onSuccess: async () => {
      await Promise.all(["insights", "interview", "interviews"].map((name) => queries.invalidateQueries({ queryKey: [name] })));
      onDone();
    },
  });
  return (
    <form className="stack" onSubmit={(event) => { event.preventDefault(); if (to.trim() && to.trim() !== topic) rename.mutate(); }}>
      <div className="row interview-find">
        <Autocomplete className="grow" label={t("topic_called")} description={t("topic_called_about")} data={topics.filter((one) => one !== topic)} value={to} onChange={setTo} />
        <Button type="submit" disabled={!to.trim() || to.trim() === topic} loading={rename.isPending}>{t(merges ? "merge_topics" : "rename")}</Button>
      </div>
      {rename.error && <FaultNote error={rename.error} />}
    </form>
  );
}
