import { useEffect, useRef, useSyncExternalStore } from "react";

/** Something that can be done where one is; the command palette offers it. */
export interface Command {
  id: string;
  title: string;
  keys?: string;
  run: () => void;
}

let offered: Command[][] = [];
const watchers = new Set<() => void>();
let flat: Command[] = [];

function changed(): void {
  flat = offered.flat();
  for (const one of watchers) one();
}

/** Offers commands for as long as the component is there. */
export function useCommands(commands: Command[]): void {
  const latest = useRef(commands);
  useEffect(() => {
    latest.current = commands;
  });
  const titles = commands.map((one) => `${one.id} ${one.title}`).join("\n");
  useEffect(() => {
    const mine = latest.current.map((one) => ({ ...one, run: () => latest.current.find((other) => other.id === one.id)?.run() }));
    offered = [...offered, mine];
    changed();
    return () => {
      offered = offered.filter((one) => one !== mine);
      changed();
    };
  }, [titles]);
}

export function useOffered(): Command[] {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => flat,
  );
}
