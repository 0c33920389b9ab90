import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Rows } from "@/wire/result";
import { useWords } from "@/words/i18n";
import { ExportMenu } from "./ExportMenu";
import { KeepList } from "./KeepList";
import { Records } from "./Records";
import { Side } from "./Side";

interface Props {
  /** What the records are behind, and in a sentence which of them. */
  title: string;
  about?: ReactNode;
  /** What a segment of their companies is called at first. */
  said?: string;
  /** By what the answer is kept, and where it comes from. */
  id: readonly unknown[];
  load: () => Promise<Rows>;
  exported: (format: string) => string;
  onClose: () => void;
}

/** The records behind a figure beside the page, to be exported, or kept as a segment where they are of companies. */
export function RowsPanel({ title, about, said = title, id, load, exported, onClose }: Props) {
  const { t } = useWords();
  const found = useQuery({ queryKey: ["rows-of", ...id], queryFn: load });
  const accounts = [...new Set((found.data?.rows ?? []).map((row) => row.account_id).filter((one): one is string => typeof one === "string"))];
  return (
    <Side
      title={t("rows_behind_title", { title })} about={about} onClose={onClose}
      actions={
        <>
          {accounts.length > 0 && <KeepList accounts={accounts} said={said} />}
          <ExportMenu formats={["csv", "xlsx"]} address={exported} />
        </>
      }
    >
      <Records of={found} accounts={accounts} title={title} />
    </Side>
  );
}
