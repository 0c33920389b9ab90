import { Dialog } from "@/parts/Dialog";
import { useWords } from "@/words/i18n";
import type { TextKey } from "@/words/texts";

const KEYS: readonly [string, TextKey][] = [
  ["← ↑ → ↓", "key_walk"], ["Ctrl + ←↑→↓", "key_jump"], ["Home / End", "key_ends"], ["Enter, F2", "key_edit"], ["Space", "key_open"], ["S", "key_mark"], ["Esc", "key_leave"], ["N", "key_new"],
  ["Alt + ←↑→↓", "key_move"], ["M", "key_move_menu"], ["Del", "key_delete"], ["C", "key_comment"], ["X", "key_next_contradicted"], ["V", "key_next_without"], ["E", "key_view"],
  ["+ / − / 0", "key_zoom"], ["Ctrl + Z", "key_undo"], ["Ctrl + Shift + Z", "key_redo"], ["?", "key_help"],
];

/** All keys of the map. */
export function Keys({ onClose }: { onClose: () => void }) {
  const { t } = useWords();
  return (
    <Dialog onClose={onClose} title={t("all_keys")}>
      <dl className="keys">
        {KEYS.map(([key, text]) => (
          <div key={key}>
            <dt><kbd>{key}</kbd></dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
