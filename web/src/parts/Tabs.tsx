import type { ReactNode } from "react";

/** Tabs that stand in the URL's hands: the caller keeps which one is open. */
export function Tabs<T extends string>({ tabs, open, onOpen, label }: { tabs: readonly { id: T; title: ReactNode }[]; open: T; onOpen: (id: T) => void; label: string }) {
  const step = (by: number) => {
    const at = tabs.findIndex((tab) => tab.id === open);
    const next = tabs[(at + by + tabs.length) % tabs.length];
    if (next) onOpen(next.id);
  };
  return (
    <div
      className="tabs noprint"
      role="tablist"
      aria-label={label}
      onKeyDown={(event) => {
        if (event.key === "ArrowRight") step(1);
        if (event.key === "ArrowLeft") step(-1);
        (event.currentTarget.querySelector('[aria-selected="true"]') as HTMLElement | null)?.focus();
      }}
    >
      {tabs.map((tab) => (
        <button key={tab.id} type="button" role="tab" aria-selected={tab.id === open} tabIndex={tab.id === open ? 0 : -1} onClick={() => onOpen(tab.id)}>
          {tab.title}
        </button>
      ))}
    </div>
  );
}
