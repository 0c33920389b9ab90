import { CloseButton } from "@mantine/core";
import { useEffect, useRef, type ReactNode } from "react";
import { useWords } from "@/words/i18n";

/** A panel at the right that leaves the page in sight; Escape closes it and the focus goes back. */
export function Side({ title, about, actions, onClose, children }: { title: ReactNode; about?: ReactNode; actions?: ReactNode; onClose: () => void; children: ReactNode }) {
  const { t } = useWords();
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    // Whoever is writing already goes on writing.
    if (!(before instanceof HTMLTextAreaElement || before instanceof HTMLInputElement)) place.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <aside
      ref={place}
      className="side"
      tabIndex={-1}
      aria-label={typeof title === "string" ? title : undefined}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented) {
          event.stopPropagation();
          onClose();
        }
      }}
    >
      <header className="side-head">
        <div className="grow">
          <h2>{title}</h2>
          {about && <p className="muted">{about}</p>}
        </div>
        {actions}
        <CloseButton aria-label={t("close")} onClick={onClose} />
      </header>
      <div className="side-body">{children}</div>
    </aside>
  );
}
