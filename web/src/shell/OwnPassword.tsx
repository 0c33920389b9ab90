import { Button, PasswordInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Dialog } from "@/parts/Dialog";
import { FaultNote } from "@/parts/States";
import { put } from "@/wire/api";
import { useWords } from "@/words/i18n";

/** One's own password is changed by who knows the present one; other sessions end. */
export function OwnPassword({ onClose }: { onClose: () => void }) {
  const { t } = useWords();
  const [old, setOld] = useState("");
  const [fresh, setFresh] = useState("");
  const renew = useMutation({ mutationFn: () => put("/api/v1/session/password", { old, new: fresh }) });
  const eye = { visibilityToggleButtonProps: { "aria-label": t("show_password") } };
  return (
    <Dialog onClose={onClose} title={t("change_password")}>
      {renew.isSuccess ? (
        <div className="stack">
          <p role="status">{t("password_changed")}</p>
          <div><Button variant="filled" onClick={onClose} data-autofocus>{t("close")}</Button></div>
        </div>
      ) : (
        <form className="stack" onSubmit={(event) => { event.preventDefault(); renew.mutate(); }}>
          <PasswordInput label={t("present_password")} required value={old} onChange={(event) => setOld(event.currentTarget.value)} autoComplete="current-password" data-autofocus {...eye} />
          <PasswordInput label={t("new_password")} description={t("new_password_about")} required value={fresh} onChange={(event) => setFresh(event.currentTarget.value)} autoComplete="new-password" {...eye} />
          {renew.error && <FaultNote error={renew.error} />}
          <div className="row"><Button type="submit" variant="filled" loading={renew.isPending}>{t("save")}</Button><Button onClick={onClose}>{t("cancel")}</Button></div>
        </form>
      )}
    </Dialog>
  );
}
