import { ExportMenu } from "./ExportMenu";
import { address } from "@/wire/api";
import { useWords } from "@/words/i18n";

export type Many = "maps" | "personas" | "segments" | "surveys" | "interviews" | "reviews";

/** A list of documents as a spreadsheet. */
export function ListExport({ many }: { many: Many }) {
  const { language } = useWords();
  return <ExportMenu formats={["csv", "xlsx"]} address={(format) => address("/api/v1/lists/{many}/export", { path: { many }, query: { format, language } })} />;
}
