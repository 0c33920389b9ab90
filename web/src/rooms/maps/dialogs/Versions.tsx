import { Button, Select, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Side } from "@/parts/Side";
import { Answer, FaultNote } from "@/parts/States";
import { get, post } from "@/wire/api";
import { useWords } from "@/words/i18n";
import { moment } from "@/words/numbers";
import type { TextKey } from "@/words/texts";
import { fieldName } from "@/parts/documents/changeWords";
import { EditList, type Log } from "@/parts/documents/EditList";
import { said } from "@/parts/documents/things";
import { useScreen } from "../screen/context";

interface Difference {
  what: string;
  collection: string;
  id: string;
  field?: string;
  before?: unknown;
  after?: unknown;
}

/** What was done to the map, its named versions, and two of them side by side. */
export function Versions({ slug, revision, onClose }: { slug: string; revision: number; onClose: () => void }) {
  const { t, language } = useWords();
  const screen = useScreen();
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [from, setFrom] = useState<string | null>(null);
  const log = useQuery({ queryKey: ["map-history", slug, revision], queryFn: () => get<Log>("/api/v1/maps/{slug}/history", { path: { slug } }) });
  const mark = useMutation({
    mutationFn: () => post("/api/v1/maps/{slug}/marks", { name }, { path: { slug } }),
    onSuccess: () => {
      setName("");
      return queries.invalidateQueries({ queryKey: ["map-history", slug] });
    },
  });
  const restore = useMutation({ mutationFn: (to: string) => post("/api/v1/maps/{slug}/restore", { to }, { path: { slug } }) });
  return (
    <Side title={t("versions")} about={t("versions_about")} onClose={onClose}>
      {screen.mayEdit && (
        <form className="row" onSubmit={(event) => { event.preventDefault(); if (name.trim()) mark.mutate(); }}>
          <TextInput className="grow" label={t("name_version")} value={name} onChange={(event) => setName(event.currentTarget.value)} />
          <Button type="submit" mt={18} loading={mark.isPending}>{t("keep")}</Button>
        </form>
      )}
      {(mark.error || restore.error) && <FaultNote error={mark.error ?? restore.error} />}
      <Answer of={log}>
        {(found) => {
          const choices = [...(found.marks ?? []).map((one) => ({ value: one.name, label: `${one.name} · ${moment(one.at, language)}` })), ...found.edits.slice(0, 60).map((one) => ({ value: String(one.revision), label: `${t("revision_n", { n: one.revision })} · ${one.author} · ${moment(one.at, language)}` }))];
          return (
            <>
              <Select label={t("compare_with")} data={choices} value={from} onChange={setFrom} searchable clearable />
              {from && <Compared slug={slug} from={from} revision={revision} />}
              {from && screen.mayEdit && <div><Button onClick={() => restore.mutate(from)} loading={restore.isPending}>{t("restore_whole")}</Button></div>}
              <h3>{t("history")}</h3>
              <EditList edits={found.edits} document={screen.document} />
            </>
          );
        }}
      </Answer>
    </Side>
  );
}

function Compared({ slug, from, revision }: { slug: string; from: string; revision: number }) {
  const { t, language } = useWords();
  const screen = useScreen();
  const found = useQuery({ queryKey: ["map-compare", slug, from, revision], queryFn: () => get<Difference[]>("/api/v1/maps/{slug}/compare", { path: { slug }, query: { from } }) });
  const called = (row: Difference) => {
    const thing = (screen.document[row.collection] as Record<string, Record<string, unknown>> | undefined)?.[row.id];
    return thing ? said(thing, "text" in thing ? "text" : "title", language) || row.id : row.id || t("map");
  };
  return (
    <Answer of={found}>
      {(rows) =>
        rows.length ? (
          <ul className="list" aria-label={t("differences")}>
            {rows.map((row, at) => (
              <li key={at}>
                <span className={`diff diff-${row.what}`}>{t(`diff_${row.what}` as TextKey)}</span> {called(row)}{row.field ? ` · ${fieldName(row.field, language)}` : ""}
                {(row.before !== null && row.before !== undefined) || (row.after !== null && row.after !== undefined) ? (
                  <p className="small">
                    {row.before !== null && row.before !== undefined && <del>{short(row.before)}</del>} {row.after !== null && row.after !== undefined && <ins>{short(row.after)}</ins>}
                  </p>
                ) : null}
              </li>
            ))}
          </ul>
        ) : (
          <p className="muted">{t("no_differences")}</p>
        )
      }
    </Answer>
  );
}

const short = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value)).slice(0, 240);
