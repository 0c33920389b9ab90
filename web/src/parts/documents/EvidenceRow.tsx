import { Link } from "@tanstack/react-router";
import { useWords } from "@/words/i18n";
import { date } from "@/words/numbers";
import { passageOf } from "./passageOf";
import type { EvidenceLink } from "./things";

/** One link of a statement to what it rests on: the words, who said them, and the way to where they stand. */
export function EvidenceRow({ link, onUnlink }: { link: EvidenceLink; onUnlink?: () => void }) {
  const { t, language } = useWords();
  const passage = passageOf(link.ref);
  return (
    <li>
      {link.quote && <blockquote className="quote">{link.quote}</blockquote>}
      <span className="muted small">{[link.speaker, link.said_on && date(link.said_on, language), link.ref, link.note].filter(Boolean).join(" · ")}</span>{" "}
      {passage && <Link className="small" to="/interviews/$slug" params={{ slug: passage.interview }} search={{ passage: passage.passage || undefined } as never}>{t("to_passage")}</Link>}{" "}
      {onUnlink && <button type="button" className="link small" onClick={onUnlink}>{t("unlink")}<span className="hidden"> {link.quote || link.ref}</span></button>}
    </li>
  );
}
