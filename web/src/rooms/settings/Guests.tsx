import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Section } from "@/parts/Page";
import { Answer, FaultNote } from "@/parts/States";
import { get, remove } from "@/wire/api";
import { useWords } from "@/words/i18n";
import { date } from "@/words/numbers";

interface Grant {
  id: string;
  map: string;
  /** None where the map was taken off the list: then the link opens nothing. */
  map_title: string | null;
  can: "view" | "comment" | "edit";
  lanes: string[];
  title: string;
  made_by: string;
  made_at: string;
  expires_at: string;
  revoked: boolean;
}

/** The guest links of all maps: what each opens, who made it, until when; those that open nothing any more below. */
export function Guests() {
  const { t } = useWords();
  const queries = useQueryClient();
  const grants = useQuery({ queryKey: ["guests"], queryFn: () => get<Grant[]>("/api/v1/guests"), staleTime: 0 });
  const end = useMutation({ mutationFn: ({ map, id }: Grant) => remove("/api/v1/maps/{slug}/guests/{id}", { path: { slug: map, id } }), onSuccess: () => queries.invalidateQueries({ queryKey: ["guests"] }) });
  const opens = (one: Grant) => !one.revoked && one.map_title !== null && Date.parse(one.expires_at) > Date.now();
  return (
    <Section title={t("settings_guests")} about={t("guests_about")}>
      {end.error && <FaultNote error={end.error} />}
      <Answer of={grants}>
        {(found) =>
          found.length ? (
            <>
              <Table label={t("settings_guests")} grants={found.filter(opens)} onEnd={end.mutate} />
              {found.some((one) => !opens(one)) && (
                <details>
                  <summary className="muted">{t("links_over", { n: found.filter((one) => !opens(one)).length })}</summary>
                  <Table label={t("links_over", { n: found.filter((one) => !opens(one)).length })} grants={found.filter((one) => !opens(one))} />
                </details>
              )}
            </>
          ) : (
            <p className="muted">{t("no_guests")}</p>
          )
        }
      </Answer>
    </Section>
  );
}

function Table({ label, grants, onEnd }: { label: string; grants: Grant[]; onEnd?: (grant: Grant) => void }) {
  const { t, language } = useWords();
  if (!grants.length) return <p className="muted">{t("no_link_open")}</p>;
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label={label}>
      <table className="rows">
        <thead>
          <tr>{[t("map"), t("guests_may"), t("opened_lanes"), t("note_for_whom"), t("made_by"), t("valid_until"), ""].map((name, at) => <th key={at} scope="col">{name || <span className="hidden">{t("more")}</span>}</th>)}</tr>
        </thead>
        <tbody>
          {grants.map((grant) => (
            <tr key={grant.id}>
              <td className="lead">{grant.map_title === null ? <span className="muted">{grant.map}</span> : <Link to="/maps/$slug" params={{ slug: grant.map }}>{grant.map_title}</Link>}</td>
              <td>{t(`can_${grant.can}`)}</td>
              <td>{grant.lanes.length ? grant.lanes.length : t("all_lanes")}</td>
              <td>{grant.title}</td>
              <td>{grant.made_by} · {date(grant.made_at, language)}</td>
              <td>{grant.revoked ? t("link_ended") : date(grant.expires_at, language)}</td>
              <td className="number">{onEnd && <Button size="xs" onClick={() => onEnd(grant)}>{t("end_link")}<span className="hidden"> {grant.title || grant.map}</span></Button>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
