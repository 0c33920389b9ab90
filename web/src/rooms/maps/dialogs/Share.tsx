import { Button, CopyButton, MultiSelect, Select, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Dialog } from "@/parts/Dialog";
import { Answer, FaultNote } from "@/parts/States";
import { get, post, remove } from "@/wire/api";
import { useWords } from "@/words/i18n";
import { date } from "@/words/numbers";
import { laneKind } from "@/words/terms";
import type { TextKey } from "@/words/texts";
import { said, sorted } from "@/parts/documents/things";
import { useScreen } from "../screen/context";

interface Grant {
  id: string;
  can: "view" | "comment" | "edit";
  lanes?: string[];
  expires_at: string;
  revoked?: boolean;
  title?: string;
}

/** Those that still open the map. */
const valid = (grants: Grant[]) => grants.filter((grant) => !grant.revoked && Date.parse(grant.expires_at) > Date.now());

interface Made {
  id: string;
  secret: string;
  link: string;
}

/** Guest links of this map: what guests may do, which lanes are opened to them, until when. */
export function Share({ slug, onClose }: { slug: string; onClose: () => void }) {
  const { t, language } = useWords();
  const screen = useScreen();
  const queries = useQueryClient();
  const [can, setCan] = useState<Grant["can"]>("comment");
  const [days, setDays] = useState("14");
  const [lanes, setLanes] = useState<string[]>([]);
  const [note, setNote] = useState("");
  const grants = useQuery({ queryKey: ["guests", slug], queryFn: () => get<Grant[]>("/api/v1/maps/{slug}/guests", { path: { slug } }) });
  const again = () => queries.invalidateQueries({ queryKey: ["guests", slug] });
  const make = useMutation({ mutationFn: () => post<Made>("/api/v1/maps/{slug}/guests", { can, days: Number(days), lanes, title: note }, { path: { slug } }), onSuccess: again });
  const end = useMutation({ mutationFn: (id: string) => remove("/api/v1/maps/{slug}/guests/{id}", { path: { slug, id } }), onSuccess: again });
  const made = make.data ? new URL(make.data.link, location.origin).href : "";
  return (
    <Dialog onClose={onClose} title={t("share")} size="lg">
      <div className="stack">
        <p className="muted">{t("share_about")}</p>
        <form className="stack" onSubmit={(event) => { event.preventDefault(); make.mutate(); }}>
          <div className="fields">
            <Select label={t("guests_may")} data={(["view", "comment", "edit"] as const).map((value) => ({ value, label: t(`can_${value}`) }))} value={can} onChange={(value) => value && setCan(value as Grant["can"])} data-autofocus />
            <Select label={t("valid_for")} data={["1", "7", "14", "30", "90"].map((value) => ({ value, label: t("days_n", { n: Number(value) }) }))} value={days} onChange={(value) => value && setDays(value)} />
          </div>
          <MultiSelect label={t("opened_lanes")} description={t("opened_lanes_about")} data={sorted(screen.document.lanes).map((lane) => ({ value: lane.id, label: said(lane, "title", language) || laneKind(lane.kind ?? "own").title[language] }))} value={lanes} onChange={setLanes} clearable />
          <TextInput label={t("note_for_whom")} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
          {make.error && <FaultNote error={make.error} />}
          <div><Button type="submit" variant="filled" loading={make.isPending}>{t("make_link")}</Button></div>
        </form>
        {made && (
          <div className="row made-link">
            <TextInput className="grow" label={t("the_link")} description={t("the_link_once")} value={made} readOnly onFocus={(event) => event.currentTarget.select()} />
            <CopyButton value={made}>{({ copied, copy }) => <Button mt={34} onClick={copy}>{copied ? t("copied") : t("copy")}</Button>}</CopyButton>
          </div>
        )}
        <h3>{t("links_so_far")}</h3>
        <Answer of={grants}>
          {(found) =>
            valid(found).length ? (
              <ul className="list">
                {valid(found).map((grant) => (
                  <li key={grant.id} className="row">
                    <span className="grow">{t(`can_${grant.can}` as TextKey)}{grant.title ? ` · ${grant.title}` : ""}{` · ${t("until_date", { date: date(grant.expires_at, language) })}`}</span>
                    <Button onClick={() => end.mutate(grant.id)}>{t("end_link")}</Button>
                  </li>
                ))}
              </ul>
            ) : (
              <p className="muted">{t("no_links_yet")}</p>
            )
          }
        </Answer>
      </div>
    </Dialog>
  );
}
