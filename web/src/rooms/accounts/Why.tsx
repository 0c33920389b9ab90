import { useQuery } from "@tanstack/react-query";
import { Section } from "@/parts/Page";
import { RowTable } from "@/parts/RowTable";
import { Side } from "@/parts/Side";
import { Answer } from "@/parts/States";
import { get } from "@/wire/api";
import type { Row } from "@/wire/result";
import { useWords } from "@/words/i18n";
import { Decide } from "./Decide";

/** What belongs to the company and why, then what was weighed and left out, as far as there is any. */
const PARTS = ["identifiers", "persons", "rejected", "ambiguous", "held_apart", "decisions"] as const;

/** The columns that say something: a person is told by name, so their id is not. */
const shown = (rows: Row[]) => Object.keys(rows[0]!).filter((name) => !(name === "person" && "name" in rows[0]!));

type WhyAnswer = Partial<Record<(typeof PARTS)[number], Row[]>>;

/** Why these records are one company: each link with its rule in words, its evidence and its probability. */
export function Why({ id, may, onClose }: { id: string; may: boolean; onClose: () => void }) {
  const { t, language } = useWords();
  const why = useQuery({ queryKey: ["why", id, language], queryFn: () => get<WhyAnswer>("/api/v1/accounts/{id}/why", { path: { id }, query: { language } }) });
  return (
    <Side title={t("why_one_company")} about={t("why_about")} onClose={onClose}>
      <Answer of={why}>
        {(data) => (
          <>
            {PARTS.filter((name) => data[name]?.length).map((name) => (
              <Section key={name} title={t(`why_${name}`)} about={t(`why_${name}_about`)}>
                <RowTable columns={shown(data[name]!)} rows={data[name]!} caption={t(`why_${name}`)} />
              </Section>
            ))}
            {may && <Decide id={id} />}
          </>
        )}
      </Answer>
    </Side>
  );
}
