import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post } from "@/wire/api";
import { useMay } from "@/wire/session";
import { useWords } from "@/words/i18n";
import { moment } from "@/words/numbers";
import type { Many } from "./documents/useEdits";
import { FaultNote } from "./States";

interface Gone {
  id: string;
  title: string;
  revision: number;
  changed_at: string;
  changed_by: string;
}

/** What was taken off a list, and the way back. */
export function Removed({ many }: { many: Many | "maps" }) {
  const { t, language } = useWords();
  const may = useMay("editor");
  const queries = useQueryClient();
  const gone = useQuery({ queryKey: [many, "removed"], queryFn: () => get<Gone[]>(`/api/v1/${many}`, { query: { removed: true } }), enabled: may });
  const restore = useMutation({
    mutationFn: ({ id, revision }: Gone) => (many === "maps" ? post("/api/v1/maps/{slug}/restore", { to: String(revision) }, { path: { slug: id } }) : post(`/api/v1/${many}/{id}/restore`, { to: String(revision) }, { path: { id } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: [many] }),
  });
  if (!gone.data?.length) return null;
  return (
    <details className="removed noprint">
      <summary className="muted">{t("off_the_list", { n: gone.data.length })}</summary>
      {restore.error && <FaultNote error={restore.error} />}
      <ul className="list">
        {gone.data.map((one) => (
          <li key={one.id} className="row">
            <span className="grow">{one.title || one.id} <span className="muted small">{moment(one.changed_at, language)} · {one.changed_by}</span></span>
            <button type="button" className="link small" onClick={() => restore.mutate(one)}>{t("put_back")}<span className="hidden"> {one.title || one.id}</span></button>
          </li>
        ))}
      </ul>
    </details>
  );
}
