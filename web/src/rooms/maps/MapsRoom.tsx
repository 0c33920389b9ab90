import { Button, Menu } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Page } from "@/parts/Page";
import { Answer, Empty, FaultNote } from "@/parts/States";
import { get, post, remove } from "@/wire/api";
import { useMay } from "@/wire/session";
import { useWords } from "@/words/i18n";
import { date, moment, parsed } from "@/words/numbers";
import { nameOf } from "@/parts/names";
import { NewMap } from "./dialogs/NewMap";

export interface Listed {
  id: string;
  title: string;
  owner: string;
  review_by: string | null;
  revision: number;
  changed_at: string;
  changed_by: string;
}

export default function MapsRoom() {
  const { t, language } = useWords();
  const may = useMay("editor");
  const queries = useQueryClient();
  const [making, setMaking] = useState(false);
  const maps = useQuery({ queryKey: ["maps"], queryFn: () => get<Listed[]>("/api/v1/maps"), staleTime: 0 });
  const again = () => queries.invalidateQueries({ queryKey: ["maps"] });
  const drop = useMutation({ mutationFn: (slug: string) => remove("/api/v1/maps/{slug}", { path: { slug } }), onSuccess: again });
  const copy = useMutation({ mutationFn: (map: Listed) => post("/api/v1/maps", { id: nameOf(`${map.id}-${t("copy_suffix")}`), title: `${map.title} (${t("copy_suffix")})`, copy_of: map.id }), onSuccess: again });
  const make = may && <Button variant="filled" onClick={() => setMaking(true)}>{t("new_map")}</Button>;
  return (
    <Page title={t("room_maps")} about={t("maps_about")} actions={make}>
      {(drop.error || copy.error) && <FaultNote error={drop.error ?? copy.error} />}
      <Answer of={maps}>
        {(found) =>
          found.length ? (
            <div className="table-frame" tabIndex={0} role="region" aria-label={t("room_maps")}>
              <table className="rows">
                <thead>
                  <tr>
                    {[t("title"), t("owner"), t("review_by"), t("changed"), ""].map((name, at) => <th key={at} scope="col">{name || <span className="hidden">{t("more")}</span>}</th>)}
                  </tr>
                </thead>
                <tbody>
                  {found.map((map) => {
                    const due = parsed(map.review_by);
                    const late = due !== null && due.getTime() < Date.now();
                    return (
                      <tr key={map.id}>
                        <td className="lead"><Link to="/maps/$slug" params={{ slug: map.id }}>{map.title || map.id}</Link></td>
                        <td>{map.owner}</td>
                        <td>{date(map.review_by, language)}{late && <span className="late"> · {t("overdue")}</span>}</td>
                        <td>{moment(map.changed_at, language)} · {map.changed_by}</td>
                        <td className="number">
                          {may && (
                            <Menu position="bottom-end">
                              <Menu.Target><button type="button" className="dots" aria-label={t("menu_of", { name: map.title || map.id })}>⋯</button></Menu.Target>
                              <Menu.Dropdown>
                                <Menu.Item onClick={() => copy.mutate(map)}>{t("duplicate")}</Menu.Item>
                                <Menu.Item color="contradicted" onClick={() => drop.mutate(map.id)}>{t("take_off_list")}</Menu.Item>
                              </Menu.Dropdown>
                            </Menu>
                          )}
                        </td>
                      </tr>
                    );
                  })}
                </tbody>
              </table>
            </div>
          ) : (
            <Empty title={t("no_maps")} action={make}>{t("no_maps_next")}</Empty>
          )
        }
      </Answer>
      {making && <NewMap onClose={() => setMaking(false)} />}
    </Page>
  );
}
