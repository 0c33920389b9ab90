import { Button, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Section } from "@/parts/Page";
import { Answer, FaultNote } from "@/parts/States";
import { get, put } from "@/wire/api";
import { useWords } from "@/words/i18n";

type Values = Record<string, unknown>;

const words = (value: unknown): string => (value === null || value === undefined ? "" : Array.isArray(value) ? value.join(", ") : typeof value === "object" ? JSON.stringify(value) : String(value));

/** A typed text as the kind of value that stood there before. */
function like(before: unknown, text: string): unknown {
  if (Array.isArray(before)) return text.split(",").map((one) => one.trim()).filter(Boolean);
  if (typeof before === "number") return Number(text.replace(",", "."));
  if (typeof before === "boolean") return text === "true";
  if (typeof before === "object" && before !== null) return JSON.parse(text) as unknown;
  return text === "" && before === null ? null : text;
}

/** The settings of the workspace, as `etappe.toml` has them. */
export function Workspace() {
  const { t } = useWords();
  const settings = useQuery({ queryKey: ["settings"], queryFn: () => get<Values & { settings?: Values }>("/api/v1/settings") });
  return (
    <Section title={t("settings_workspace")} about={t("workspace_about")}>
      <Answer of={settings}>{(data) => <Form values={(data.settings ?? data) as Values} />}</Answer>
    </Section>
  );
}

function Form({ values }: { values: Values }) {
  const { t } = useWords();
  const queries = useQueryClient();
  const [changed, setChanged] = useState<Record<string, string>>({});
  const save = useMutation({
    mutationFn: () => put("/api/v1/settings", Object.fromEntries(Object.entries(changed).map(([name, text]) => [name, like(values[name], text)]))),
    onSuccess: async () => {
      setChanged({});
      await queries.invalidateQueries({ queryKey: ["settings"] });
      await queries.invalidateQueries({ queryKey: ["session"] });
    },
  });
  return (
    <form className="stack" style={{ maxWidth: 560 }} onSubmit={(event) => { event.preventDefault(); save.mutate(); }}>
      {Object.entries(values).map(([name, value]) => (
        <TextInput key={name} label={name.replaceAll("_", " ")} value={changed[name] ?? words(value)} onChange={(event) => setChanged({ ...changed, [name]: event.currentTarget.value })} />
      ))}
      {save.error && <FaultNote error={save.error} />}
      <div><Button type="submit" variant="filled" disabled={!Object.keys(changed).length} loading={save.isPending}>{t("save")}</Button></div>
    </form>
  );
}
