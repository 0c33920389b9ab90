import { Button } from "@mantine/core";
import { useWords } from "@/words/i18n";
import type { Change } from "./changes";
import { fieldName } from "./changeWords";
import type { Clash } from "./clash";
import { said } from "./things";

interface Props {
  clash: Clash;
  document: object;
  edit: (change: Change) => void;
  dismiss: (clash: Clash) => void;
  className?: string;
}

/** A field that two wrote at once: both texts are shown, either can be taken; nothing is lost. */
export function ClashNote({ clash, document, edit, dismiss, className }: Props) {
  const { t, language } = useWords();
  const [collection = "", id = "", ...path] = clash.field;
  const thing = (document as Record<string, Record<string, Record<string, unknown>> | undefined>)[collection]?.[id];
  const name = thing ? said(thing, "text" in thing ? "text" : "title", language) || id : id;
  const mineCounts = clash.counts !== "theirs";
  const words = (value: unknown) => (value === null || value === undefined ? t("nothing") : typeof value === "string" ? value : JSON.stringify(value));
  const take = (value: unknown) => {
    edit(value === null || value === undefined ? { do: "set", collection, id, path, absent: true } : { do: "set", collection, id, path, value });
    dismiss(clash);
  };
  return (
    <div className={className}>
      <p><span className="strong">{t("conflict_on", { name: name || fieldName(path[0] ?? "", language) })}</span>{name && path[0] && <span className="muted"> {fieldName(path[0], language)}</span>}</p>
      <p>{t(clash.own ? "this_window" : "yours")}: <q>{words(clash.yours)}</q>{mineCounts && ` (${t("counts")})`}</p>
      <p>{clash.own ? t("other_window") : clash.by ? t("theirs_of", { name: clash.by }) : t("theirs")}: <q>{words(clash.theirs)}</q>{!mineCounts && ` (${t("counts")})`}</p>
      <div className="row">
        <Button onClick={() => dismiss(clash)}>{t("leave_so")}</Button>
        {path.length > 0 && path[0] !== "place" && <Button onClick={() => take(mineCounts ? clash.theirs : clash.yours)}>{t(mineCounts ? "take_theirs" : "take_mine")}</Button>}
      </div>
    </div>
  );
}
