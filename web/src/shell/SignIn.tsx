import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTitle } from "@/parts/Page";
import { FaultNote } from "@/parts/States";
import { choose, useSign, type Session } from "@/wire/session";
import { useWords } from "@/words/i18n";

/** The door: a password, the company's own sign-in, or the link that `etappe serve` prints. */
export function SignIn({ session }: { session: Session }) {
  const { t, language } = useWords();
  const sign = useSign();
  const [fault, setFault] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  useTitle(t("sign_in"));
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setFault(null);
    try {
      await sign.in(String(form.get("name") ?? ""), String(form.get("password") ?? ""));
    } catch (error) {
      setFault(error);
    }
    setBusy(false);
  };
  const oidc = session.signin?.oidc;
  const password = session.signin?.password ?? false;
  return (
    <main className="door">
      <div className="door-inner">
        <p className="brand">
          <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true"><circle cx="5" cy="5" r="5" /></svg>
          etappe
        </p>
        <h1>{t("sign_in")}</h1>
        <p className="muted">{t("what_it_is")}</p>
        {fault !== null && <FaultNote error={fault} />}
        {password && (
          <form className="stack" onSubmit={(event) => void submit(event)}>
            <TextInput name="name" label={t("user_name")} autoComplete="username" required />
            <PasswordInput name="password" label={t("password")} autoComplete="current-password" required visibilityToggleButtonProps={{ "aria-label": t("show_password") }} />
            <Button type="submit" variant="filled" loading={busy}>{t("sign_in")}</Button>
          </form>
        )}
        {oidc && <Button component="a" href="/api/v1/session/oidc">{t("sign_in_oidc")}</Button>}
        {!password && !oidc && <p>{t("link_needed")}</p>}
        <button type="button" className="link" lang={language === "de" ? "en" : "de"} onClick={() => choose(language === "de" ? "en" : "de")}>
          {language === "de" ? "English" : "Deutsch"}
        </button>
      </div>
    </main>
  );
}
