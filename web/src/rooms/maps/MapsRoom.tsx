import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { DocumentTable, type Listed } from "@/parts/DocumentTable";
import { ListExport } from "@/parts/ListExport";
import { nameOf } from "@/parts/names";
import { Page } from "@/parts/Page";
import { Removed } from "@/parts/Removed";
import { Answer, Empty, FaultNote } from "@/parts/States";
import { get, post, remove } from "@/wire/api";
import { useMay } from "@/wire/session";
import { useWords } from "@/words/i18n";
import { NewMap } from "./dialogs/NewMap";

export default function MapsRoom() {
  const { t } = useWords();
  const may = useMay("editor");
  const queries = useQueryClient();
  const [making, setMaking] = useState(false);
  const maps = useQuery({ queryKey: ["maps"], queryFn: () => get<Listed[]>("/api/v1/maps"), staleTime: 0 });
  const again = () => queries.invalidateQueries({ queryKey: ["maps"] });
  const drop = useMutation({ mutationFn: (slug: string) => remove("/api/v1/maps/{slug}", { path: { slug } }), onSuccess: again });
  const copy = useMutation({ mutationFn: (map: Listed) => post("/api/v1/maps", { id: nameOf(`${map.id}-${t("copy_suffix")}`), title: `${map.title} (${t("copy_suffix")})`, copy_of: map.id }), onSuccess: again });
  const make = may && <Button variant="filled" onClick={() => setMaking(true)}>{t("new_map")}</Button>;
  const acts = [{ title: t("duplicate"), run: (map: Listed) => copy.mutate(map) }, { title: t("take_off_list"), run: (map: Listed) => drop.mutate(map.id), removes: true }];
  return (
    <Page title={t("room_maps")} about={t("maps_about")} actions={<>{make}<ListExport many="maps" /></>}>
      {(drop.error || copy.error) && <FaultNote error={drop.error ?? copy.error} />}
      <Answer of={maps}>
        {(found) =>
          found.length ? <DocumentTable label={t("room_maps")} rows={found} to={(map) => ({ to: "/maps/$slug", params: { slug: map.id } })} acts={may ? acts : undefined} /> : <Empty title={t("no_maps")} action={make}>{t("no_maps_next")}</Empty>
        }
      </Answer>
      <Removed many="maps" />
      {making && <NewMap onClose={() => setMaking(false)} />}
    </Page>
  );
}
