import type { ReactNode } from "react";

/** The fields of a decision or a task on one line; Escape leaves it, without words nothing is kept. */
export function LineForm({ text, onKeep, onLeave, children }: { text: string; onKeep: (text: string) => void; onLeave?: () => void; children: ReactNode }) {
  return (
    <form
      className="row review-form"
      onKeyDown={(event) => event.key === "Escape" && onLeave?.()}
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim()) onKeep(text.trim());
      }}
    >
      {children}
    </form>
  );
}
