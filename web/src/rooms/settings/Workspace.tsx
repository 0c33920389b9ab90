import { Button, NumberInput, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Section } from "@/parts/Page";
import { Answer, FaultNote } from "@/parts/States";
import { get, put } from "@/wire/api";
import { useWords } from "@/words/i18n";
import { TEXTS, type TextKey } from "@/words/texts";

interface Setting {
  section: string;
  name: string;
  value: string | number | boolean | null;
  default: unknown;
  meaning: string;
  open: boolean;
}

interface Settings {
  settings: Setting[];
  retention: Record<string, number>;
}

/** The settings of the workspace, as `etappe.toml` has them; what is set on the machine is shown and cannot be changed here. */
export function Workspace() {
  const { t } = useWords();
  const settings = useQuery({ queryKey: ["settings"], queryFn: () => get<Settings>("/api/v1/settings") });
  return (
    <Section title={t("settings_workspace")} about={t("workspace_about")}>
      <Answer of={settings}>{(data) => <Form data={data} />}</Answer>
    </Section>
  );
}

const words = (value: unknown): string => (value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value));

/** A typed text as the kind of value that stood there before. */
function like(before: unknown, text: string): string | number | boolean {
  if (typeof before === "number") return Number(text.replace(",", "."));
  if (typeof before === "boolean") return text === "true";
  return text;
}

function Form({ data }: { data: Settings }) {
  const { t } = useWords();
  const known = (text: string) => (text in TEXTS ? t(text as TextKey) : undefined);
  const queries = useQueryClient();
  const [changed, setChanged] = useState<Record<string, string>>({});
  const [retention, setRetention] = useState<Record<string, number>>({});
  const sources = useQuery({ queryKey: ["sources"], queryFn: () => get<{ sources: { source: string }[] }>("/api/v1/sources") });
  const save = useMutation({
    mutationFn: () =>
      put("/api/v1/settings", {
        settings: Object.fromEntries(data.settings.filter((one) => `${one.section}.${one.name}` in changed).map((one) => [`${one.section}.${one.name}`, like(one.value ?? one.default, changed[`${one.section}.${one.name}`]!)])),
        retention: Object.keys(retention).length ? retention : null,
      }),
    onSuccess: async () => {
      setChanged({});
      setRetention({});
      await queries.invalidateQueries({ queryKey: ["settings"] });
      await queries.invalidateQueries({ queryKey: ["session"] });
    },
  });
  return (
    <form
      className="stack"
      style={{ maxWidth: 560 }}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {data.settings.map((one) => {
        const key = `${one.section}.${one.name}`;
        const id = key.replace(".", "_");
        return <TextInput key={key} label={known(`set_${id}`) ?? key} description={[known(`set_${id}_about`) ?? one.meaning, key].join(" · ")} value={changed[key] ?? words(one.value)} readOnly={!one.open} disabled={!one.open} onChange={(event) => setChanged({ ...changed, [key]: event.currentTarget.value })} />;
      })}
      <h3>{t("retention")}</h3>
      <p className="muted">{t("retention_about")}</p>
      {(sources.data?.sources ?? []).map(({ source }) => (
        <NumberInput key={source} label={source} min={0} max={36500} value={retention[source] ?? data.retention[source] ?? 0} onChange={(value) => setRetention({ ...retention, [source]: Number(value) || 0 })} />
      ))}
      {save.error && <FaultNote error={save.error} />}
      <div>
        <Button type="submit" variant="filled" disabled={!Object.keys(changed).length && !Object.keys(retention).length} loading={save.isPending}>{t("save")}</Button>
      </div>
    </form>
  );
}
