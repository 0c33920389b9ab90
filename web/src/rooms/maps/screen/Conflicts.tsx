import { Button } from "@mantine/core";
import { FaultNote } from "@/parts/States";
import { Fault, type FaultParts } from "@/wire/faults";
import { useWords } from "@/words/i18n";
import { ClashNote } from "@/parts/documents/ClashNote";
import type { LiveMap, LiveState } from "../model/live";
import { useScreen } from "./context";

/** Two people, or one in two windows, wrote the same field: both texts are shown, either can be taken; nothing is lost. */
export function Conflicts({ state, live }: { state: LiveState; live: LiveMap }) {
  const { t } = useWords();
  const screen = useScreen();
  if (!state.conflicts.length && !state.fault) return null;
  const fault = state.fault as (FaultParts & { yours?: string }) | null;
  return (
    <div className="conflicts" role="alert">
      {fault !== null && fault !== undefined && (
        <div>
          <FaultNote error={fault.what ? new Fault(409, fault) : new Fault(409, { code: "refused", what: t("edit_refused") })} />
          {fault.yours && <p>{t("yours")}: <q>{fault.yours}</q></p>}
          <Button onClick={() => live.dismiss()}>{t("close")}</Button>
        </div>
      )}
      {state.conflicts.map((clash, at) => <ClashNote key={at} className="conflict" clash={clash} document={screen.document} edit={screen.edit} dismiss={(one) => live.dismiss(one)} />)}
    </div>
  );
}
