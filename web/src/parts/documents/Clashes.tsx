import { Button } from "@mantine/core";
import { FaultNote } from "@/parts/FaultNote";
import { useWords } from "@/words/i18n";
import { fieldName } from "./changeWords";
import { said } from "./things";
import type { Clash, Edits } from "./useEdits";

/** What went wrong with edits: a fault, and every field that two wrote at once, with the words of both; either can be taken. */
export function Clashes({ of, document }: { of: Edits; document: object }) {
  return (
    <>
      {of.error && <FaultNote error={of.error} />}
      {of.clashes.length > 0 && <div className="notice stack" role="alert">{of.clashes.map((clash, at) => <One key={at} clash={clash} edits={of} document={document} />)}</div>}
    </>
  );
}

function One({ clash, edits, document }: { clash: Clash; edits: Edits; document: object }) {
  const { t, language } = useWords();
  const [collection = "", id = "", ...path] = clash.field;
  const thing = (document as Record<string, Record<string, Record<string, unknown>> | undefined>)[collection]?.[id];
  const name = thing ? said(thing, "text" in thing ? "text" : "title", language) || id : id;
  const mineCounts = clash.counts !== "theirs";
  const words = (value: unknown) => (value === null || value === undefined ? t("nothing") : typeof value === "string" ? value : JSON.stringify(value));
  const take = (value: unknown) => {
    edits.edit(value === null || value === undefined ? { do: "set", collection, id, path, absent: true } : { do: "set", collection, id, path, value });
    edits.dismiss(clash);
  };
  return (
    <div>
      <p><span className="strong">{t("conflict_on", { name: name || fieldName(path[0] ?? "", language) })}</span>{name && path[0] && <span className="muted"> {fieldName(path[0], language)}</span>}</p>
      <p>{t(clash.own ? "this_window" : "yours")}: <q>{words(clash.yours)}</q>{mineCounts && ` (${t("counts")})`}</p>
      <p>{clash.own ? t("other_window") : clash.by ? t("theirs_of", { name: clash.by }) : t("theirs")}: <q>{words(clash.theirs)}</q>{!mineCounts && ` (${t("counts")})`}</p>
      <div className="row">
        <Button onClick={() => edits.dismiss(clash)}>{t("leave_so")}</Button>
        {path.length > 0 && path[0] !== "place" && <Button onClick={() => take(mineCounts ? clash.theirs : clash.yours)}>{t(mineCounts ? "take_theirs" : "take_mine")}</Button>}
      </div>
    </div>
  );
}
