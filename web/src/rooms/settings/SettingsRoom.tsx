import { Button, CopyButton, Select, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useOwn } from "@/parts/filters";
import { Page, Section } from "@/parts/Page";
import { Answer, Empty, FaultNote } from "@/parts/States";
import { Tabs } from "@/parts/Tabs";
import { get, post, remove } from "@/wire/api";
import { useMay } from "@/wire/session";
import { useWords } from "@/words/i18n";
import { date } from "@/words/numbers";
import { Audit } from "./Audit";
import { Guests } from "./Guests";
import { People } from "./People";
import { Workspace } from "./Workspace";

const TABS = ["workspace", "people", "guests", "tokens", "audit"] as const;

export default function SettingsRoom() {
  const { t } = useWords();
  const admin = useMay("admin");
  const [tab, setTab] = useOwn("tab", "workspace");
  if (!admin) return <Page title={t("room_settings")}><Empty title={t("admins_only")}>{t("admins_only_next")}</Empty></Page>;
  const open = TABS.find((one) => one === tab) ?? "workspace";
  return (
    <Page title={t("room_settings")} about={t("settings_about")}>
      <Tabs label={t("room_settings")} tabs={TABS.map((id) => ({ id, title: t(`settings_${id}`) }))} open={open} onOpen={(id) => setTab(id === "workspace" ? undefined : id)} />
      {open === "workspace" && <Workspace />}
      {open === "people" && <People />}
      {open === "guests" && <Guests />}
      {open === "tokens" && <Tokens />}
      {open === "audit" && <Audit />}
    </Page>
  );
}

interface Token {
  id: string;
  title: string;
  scope: string;
  user?: string;
  expires_on?: string | null;
}

function Tokens() {
  const { t, language } = useWords();
  const queries = useQueryClient();
  const [title, setTitle] = useState("");
  const [scope, setScope] = useState("read");
  const tokens = useQuery({ queryKey: ["tokens"], queryFn: () => get<Token[]>("/api/v1/tokens") });
  const again = () => queries.invalidateQueries({ queryKey: ["tokens"] });
  const make = useMutation({ mutationFn: () => post<{ secret: string }>("/api/v1/tokens", { title, scope }), onSuccess: again });
  const drop = useMutation({ mutationFn: (id: string) => remove("/api/v1/tokens/{id}", { path: { id } }), onSuccess: again });
  return (
    <Section title={t("settings_tokens")} about={t("tokens_about")}>
      <form className="row" onSubmit={(event) => { event.preventDefault(); make.mutate(); }}>
        <TextInput label={t("what_for")} required value={title} onChange={(event) => setTitle(event.currentTarget.value)} />
        <Select label={t("scope")} data={[{ value: "read", label: t("scope_read") }, { value: "write", label: t("scope_write") }, { value: "admin", label: t("scope_admin") }]} value={scope} onChange={(value) => value && setScope(value)} />
        <Button type="submit" variant="filled" mt={18} loading={make.isPending}>{t("make_token")}</Button>
      </form>
      {(make.error || drop.error) && <FaultNote error={make.error ?? drop.error} />}
      {make.data && (
        <div className="row">
          <TextInput className="grow" label={t("the_token")} description={t("the_link_once")} value={make.data.secret} readOnly />
          <CopyButton value={make.data.secret}>{({ copied, copy }) => <Button mt={34} onClick={copy}>{copied ? t("copied") : t("copy")}</Button>}</CopyButton>
        </div>
      )}
      <Answer of={tokens}>
        {(found) =>
          found.length ? (
            <ul className="list">
              {found.map((token) => (
                <li key={token.id} className="row">
                  <span className="grow">{token.title} <span className="muted">{[token.scope, token.user, token.expires_on && t("until_date", { date: date(token.expires_on, language) })].filter(Boolean).join(" · ")}</span></span>
                  <Button onClick={() => drop.mutate(token.id)}>{t("end_link")}</Button>
                </li>
              ))}
            </ul>
          ) : (
            <p className="muted">{t("no_tokens")}</p>
          )
        }
      </Answer>
    </Section>
  );
}
