import { FaultNote } from "@/parts/FaultNote";
import { ClashNote } from "./ClashNote";
import type { Edits } from "./useEdits";

/** What went wrong with edits: a fault, and every field that two wrote at once. */
export function Clashes({ of, document }: { of: Edits; document: object }) {
  return (
    <>
      {of.error && <FaultNote error={of.error} />}
      {of.clashes.length > 0 && <div className="notice stack" role="alert">{of.clashes.map((clash, at) => <ClashNote key={at} clash={clash} document={document} edit={of.edit} dismiss={of.dismiss} />)}</div>}
    </>
  );
}
