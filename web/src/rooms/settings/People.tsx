import { Button, Menu, PasswordInput, Select, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Dialog } from "@/parts/Dialog";
import { Section } from "@/parts/Page";
import { Answer, Empty, FaultNote } from "@/parts/States";
import { get, patch, post, remove } from "@/wire/api";
import { useSession } from "@/wire/session";
import { useWords } from "@/words/i18n";

interface User {
  name: string;
  shown: string;
  role: "viewer" | "editor" | "admin";
  personal: boolean;
  disabled: boolean;
  by: "password" | "oidc" | "not yet";
}

/** The accounts: who may sign in, what they may do, whose names they see. */
export function People() {
  const { t } = useWords();
  const queries = useQueryClient();
  const session = useSession();
  const [adding, setAdding] = useState(false);
  const people = useQuery({ queryKey: ["people"], queryFn: () => get<User[]>("/api/v1/people") });
  const again = () => queries.invalidateQueries({ queryKey: ["people"] });
  const change = useMutation({ mutationFn: ({ name, ...fields }: Partial<User> & { name: string }) => patch("/api/v1/people/{name}", fields, { path: { name } }), onSuccess: again });
  const drop = useMutation({ mutationFn: (name: string) => remove("/api/v1/people/{name}", { path: { name } }), onSuccess: again });
  const [renewing, setRenewing] = useState<User | null>(null);
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
                      <td className="lead">{user.shown || user.name} <span className="muted">{user.shown && user.shown !== user.name ? user.name : ""}{user.disabled ? ` · ${t("blocked")}` : ""}</span></td>
                      <td><Select size="xs" w={150} aria-label={t("role")} data={roles} value={user.role} onChange={(role) => role && change.mutate({ name: user.name, role: role as User["role"] })} /></td>
                      <td><Select size="xs" w={150} aria-label={t("personal_data")} data={[{ value: "true", label: t("sees_names") }, { value: "false", label: t("sees_pseudonyms") }]} value={String(user.personal)} onChange={(value) => change.mutate({ name: user.name, personal: value === "true" })} /></td>
                      <td>{t(user.by === "password" ? "password" : user.by === "oidc" ? "company_account" : "not_yet")}</td>
                      <td className="number">
                        {session.data?.user?.name !== user.name && (
                          <Menu position="bottom-end">
                            <Menu.Target><button type="button" className="dots" aria-label={t("menu_of", { name: user.name })}>⋯</button></Menu.Target>
                            <Menu.Dropdown>
                              <Menu.Item onClick={() => setRenewing(user)}>{t("set_password")}</Menu.Item>
                              <Menu.Item onClick={() => change.mutate({ name: user.name, disabled: !user.disabled })}>{t(user.disabled ? "unblock" : "block")}</Menu.Item>
                              <Menu.Item color="contradicted" onClick={() => drop.mutate(user.name)}>{t("remove")}</Menu.Item>
                            </Menu.Dropdown>
                          </Menu>
                        )}
                      </td>
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
      {renewing && <NewPassword user={renewing} onClose={() => setRenewing(null)} />}
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

/** Another password for an account, such as for somebody who forgot theirs; their sessions end. */
function NewPassword({ user, onClose }: { user: User; onClose: () => void }) {
  const { t } = useWords();
  const [password, setPassword] = useState("");
  const renew = useMutation({ mutationFn: () => patch("/api/v1/people/{name}", { password }, { path: { name: user.name } }), onSuccess: onClose });
  return (
    <Dialog onClose={onClose} title={t("set_password")}>
      <form className="stack" onSubmit={(event) => { event.preventDefault(); renew.mutate(); }}>
        <p className="muted">{t("set_password_about", { name: user.shown || user.name })}</p>
        <PasswordInput label={t("new_password")} description={t("new_password_about")} required value={password} onChange={(event) => setPassword(event.currentTarget.value)} autoComplete="new-password" data-autofocus visibilityToggleButtonProps={{ "aria-label": t("show_password") }} />
        {renew.error && <FaultNote error={renew.error} />}
        <div className="row"><Button type="submit" variant="filled" loading={renew.isPending}>{t("save")}</Button><Button onClick={onClose}>{t("cancel")}</Button></div>
      </form>
    </Dialog>
  );
}
