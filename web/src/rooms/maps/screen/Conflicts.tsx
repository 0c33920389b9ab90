import { Button } from "@mantine/core";
import { FaultNote } from "@/parts/States";
import { Fault, type FaultParts } from "@/wire/faults";
import { useWords } from "@/words/i18n";
import type { Conflict, LiveMap, LiveState } from "../model/live";
import { said } from "@/parts/documents/things";
import { useScreen } from "./context";

/** Two people, or one in two windows, wrote the same field: both texts are shown, either can be taken; nothing is lost. */
export function Conflicts({ state, live }: { state: LiveState; live: LiveMap }) {
  const { t } = useWords();
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
      {state.conflicts.map((conflict, at) => <One key={at} conflict={conflict} live={live} />)}
    </div>
  );
}

function One({ conflict, live }: { conflict: Conflict; live: LiveMap }) {
  const { t, language } = useWords();
  const screen = useScreen();
  const [collection = "", id = "", ...path] = conflict.field;
  const thing = (screen.document[collection] as Record<string, Record<string, unknown>> | undefined)?.[id];
  const name = thing ? said(thing, "text" in thing ? "text" : "title", language) || id : id;
  const words = (value: unknown) => (value === null || value === undefined ? t("nothing") : typeof value === "string" ? value : JSON.stringify(value));
  const take = (value: unknown) => {
    if (path.length && id) screen.edit({ do: "set", collection, id, path, value: value ?? null, absent: value === null || value === undefined });
    live.dismiss(conflict);
  };
  const mineCounts = conflict.counts !== "theirs";
  return (
    <div className="conflict">
      <p><span className="strong">{t("conflict_on", { name })}</span> <span className="muted">{path.join(".")}</span></p>
      <p>{t(conflict.own ? "this_window" : "yours")}: <q>{words(conflict.yours)}</q>{mineCounts ? ` (${t("counts")})` : ""}</p>
      <p>{conflict.own ? t("other_window") : conflict.by ? t("theirs_of", { name: conflict.by }) : t("theirs")}: <q>{words(conflict.theirs)}</q>{mineCounts ? "" : ` (${t("counts")})`}</p>
      <div className="row">
        <Button onClick={() => live.dismiss(conflict)}>{t("leave_so")}</Button>
        {path.length > 0 && path[0] !== "place" && <Button onClick={() => take(mineCounts ? conflict.theirs : conflict.yours)}>{mineCounts ? t("take_theirs") : t("take_mine")}</Button>}
      </div>
    </div>
  );
}
