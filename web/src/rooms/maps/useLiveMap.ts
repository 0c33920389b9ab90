import { useEffect, useMemo, useSyncExternalStore } from "react";
import { get } from "@/wire/api";
import { language } from "@/words/i18n";
import { newId } from "@/parts/documents/changes";
import { LiveMap, type Wire } from "./model/live";
import type { MapAnswer } from "./model/types";

/** The live line of a map: opened with the screen, closed with it; what is on its way survives a reload. */
export function useLiveMap(slug: string, start: MapAnswer) {
  // The line begins with what was loaded first; what comes later comes by the line itself.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const live = useMemo(() => new LiveMap(start, doorsOf(slug)), [slug]);
  const state = useSyncExternalStore(live.subscribe, live.state);
  useEffect(() => {
    live.open();
    return () => live.close();
  }, [live]);
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (live.state().waiting) event.preventDefault();
    };
    const look = () => document.visibilityState === "visible" && live.look();
    window.addEventListener("beforeunload", warn);
    window.addEventListener("online", look);
    document.addEventListener("visibilitychange", look);
    return () => {
      window.removeEventListener("beforeunload", warn);
      window.removeEventListener("online", look);
      document.removeEventListener("visibilitychange", look);
    };
  }, [live]);
  return { live, state };
}

function doorsOf(slug: string) {
  const kept = `etappe.pending.${slug}`;
  const page = newId("p");
  return {
    connect: (since: number): Wire => {
      const address = new URL(`/api/v1/maps/${encodeURIComponent(slug)}/live?since=${since}&language=${language()}&page=${page}`, location.href);
      address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
      return new WebSocket(address) as unknown as Wire;
    },
    reload: () => get<MapAnswer>("/api/v1/maps/{slug}", { path: { slug } }),
    keep: {
      get: () => sessionStorage.getItem(kept),
      set: (text: string | null) => (text === null ? sessionStorage.removeItem(kept) : sessionStorage.setItem(kept, text)),
    },
  };
}
