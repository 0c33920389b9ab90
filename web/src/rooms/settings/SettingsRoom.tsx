import { Button, CopyButton, PasswordInput, Select, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Dialog } from "@/parts/Dialog";
import { useOwn } from "@/parts/filters";
import { Page, Section } from "@/parts/Page";
import { Answer, Empty, FaultNote } from "@/parts/States";
import { Tabs } from "@/parts/Tabs";
import { get, patch, post, remove } from "@/wire/api";
import { useMay, useSession } from "@/wire/session";
import { useWords } from "@/words/i18n";
import { date } from "@/words/numbers";
import { Audit } from "./Audit";
import { Workspace } from "./Workspace";

const TABS = ["workspace", "people", "tokens", "audit"] as const;

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
      {open === "tokens" && <Tokens />}
      {open === "audit" && <Audit />}
    </Page>
  );
}

interface User {
  name: string;
  shown: string;
  role: "viewer" | "editor" | "admin";
  personal: boolean;
  disabled: boolean;
  by: "password" | "oidc" | "not yet";
}

function People() {
  const { t } = useWords();
  const queries = useQueryClient();
  const session = useSession();
  const [adding, setAdding] = useState(false);
  const people = useQuery({ queryKey: ["people"], queryFn: () => get<User[]>("/api/v1/people") });
  const again = () => queries.invalidateQueries({ queryKey: ["people"] });
  const change = useMutation({ mutationFn: ({ name, ...fields }: Partial<User> & { name: string }) => patch("/api/v1/people/{name}", fields, { path: { name } }), onSuccess: again });
  const drop = useMutation({ mutationFn: (name: string) => remove("/api/v1/people/{name}", { path: { name } }), onSuccess: again });
  const roles = (["viewer", "editor", "admin"] as const).map((value) => ({ value, label: t(`role_${value}`) }));
  return (
    <Section title={t("settings_people")} about={t("people_about")} actions={<Button variant="filled" onClick={() => setAdding(true)}>{t("add_person")}</Button>}>
      {(change.error || drop.error) && <FaultNote error={change.error ?? drop.error} />}
      <Answer of={people}>
        {(found) =>
          found.length ? (
            <div className="table-frame" tabIndex={0} role="region" aria-label={t("settings_people")}>
              <table className="rows">
                <thead>
                  <tr>{[t("user_name"), t("role"), t("personal_data"), t("signs_in_by"), ""].map((name, at) => <th key={at} scope="col">{name || <span className="hidden">{t("more")}</span>}</th>)}</tr>
                </thead>
                <tbody>
                  {found.map((user) => (
                    <tr key={user.name}>
                      <td className="lead">{user.shown || user.name} <span className="muted">{user.shown && user.shown !== user.name ? user.name : ""}</span></td>
                      <td><Select size="xs" w={150} aria-label={t("role")} data={roles} value={user.role} onChange={(role) => role && change.mutate({ name: user.name, role: role as User["role"] })} /></td>
                      <td><Select size="xs" w={150} aria-label={t("personal_data")} data={[{ value: "true", label: t("sees_names") }, { value: "false", label: t("sees_pseudonyms") }]} value={String(user.personal)} onChange={(value) => change.mutate({ name: user.name, personal: value === "true" })} /></td>
                      <td>{t(user.by === "password" ? "password" : user.by === "oidc" ? "company_account" : "not_yet")}</td>
                      <td className="number">{session.data?.user?.name !== user.name && <button type="button" className="link" onClick={() => drop.mutate(user.name)}>{t("remove")}<span className="hidden"> {user.name}</span></button>}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          ) : (
            <Empty title={t("no_people")}>{t("no_people_next")}</Empty>
          )
        }
      </Answer>
      {adding && <AddPerson onClose={() => setAdding(false)} onDone={again} />}
    </Section>
  );
}

function AddPerson({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const { t } = useWords();
  const [fields, setFields] = useState({ name: "", shown: "", role: "editor", password: "" });
  const add = useMutation({
    mutationFn: () => post("/api/v1/people", fields),
    onSuccess: () => {
      onDone();
      onClose();
    },
  });
  const set = (name: keyof typeof fields) => (event: { currentTarget: { value: string } }) => setFields({ ...fields, [name]: event.currentTarget.value });
  return (
    <Dialog onClose={onClose} title={t("add_person")}>
      <form className="stack" onSubmit={(event) => { event.preventDefault(); add.mutate(); }}>
        <TextInput label={t("user_name")} description={t("user_name_about")} required value={fields.name} onChange={set("name")} data-autofocus autoComplete="off" />
        <TextInput label={t("shown_as_name")} value={fields.shown} onChange={set("shown")} autoComplete="off" />
        <Select label={t("role")} data={(["viewer", "editor", "admin"] as const).map((value) => ({ value, label: t(`role_${value}`) }))} value={fields.role} onChange={(role) => role && setFields({ ...fields, role })} />
        <PasswordInput label={t("password")} description={t("password_about")} value={fields.password} onChange={set("password")} autoComplete="new-password" visibilityToggleButtonProps={{ "aria-label": t("show_password") }} />
        {add.error && <FaultNote error={add.error} />}
        <div className="row"><Button type="submit" variant="filled" loading={add.isPending}>{t("add_person")}</Button><Button onClick={onClose}>{t("cancel")}</Button></div>
      </form>
    </Dialog>
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
