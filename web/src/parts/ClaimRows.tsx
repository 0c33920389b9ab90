import { RowsPanel } from "./RowsPanel";
import { address, get } from "@/wire/api";
import type { Rows } from "@/wire/result";
import { useWords } from "@/words/i18n";

interface Props {
  slug: string;
  claim: { card: string; claim: string; sentence?: Record<string, string> };
  title: string;
  about?: string;
  onClose: () => void;
}

/** The records that the verdict of a claim rests on, one a journey (or answer) that was counted. */
export function ClaimRows({ slug, claim, title, about, onClose }: Props) {
  const { language } = useWords();
  const path = { slug, card: claim.card };
  return (
    <RowsPanel
      title={title} about={about ?? claim.sentence?.[language] ?? claim.claim} id={["claim", slug, claim.card, claim.claim]} onClose={onClose}
      load={() => get<Rows>("/api/v1/maps/{slug}/claims/{card}/rows", { path, query: { limit: 5000 } })}
      exported={(format) => address("/api/v1/maps/{slug}/claims/{card}/export", { path, query: { format, language } })}
    />
  );
}
