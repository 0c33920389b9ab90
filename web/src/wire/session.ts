import { useQuery, useQueryClient } from "@tanstack/react-query";
import { speak, type Language } from "@/words/i18n";
import { carry, get, post, put } from "./api";

export type Role = "viewer" | "editor" | "admin" | "guest";

export interface Session {
  user: { name: string; shown?: string; initials?: string; role: "viewer" | "editor" | "admin" | null; personal?: boolean } | null;
  guest?: { map: string; can: "view" | "comment" | "edit"; lanes?: string[] } | null;
  language?: "de" | "en";
  csrf?: string;
  signin?: { password: boolean; oidc: boolean };
  company?: string | null;
  currency?: string;
  built?: boolean;
  version?: string;
}

async function ask(): Promise<Session> {
  const found = await get<Session>("/api/v1/session");
  carry(found.csrf ?? "");
  return found;
}

export const SESSION = { queryKey: ["session"], queryFn: ask, staleTime: 5 * 60_000 };

export function useSession() {
  return useQuery(SESSION);
}

export function useSign() {
  const client = useQueryClient();
  const again = () => client.resetQueries();
  return {
    in: async (name: string, password: string) => {
      await post("/api/v1/session/sign-in", { name, password });
      await again();
    },
    out: async () => {
      await post("/api/v1/session/sign-out", {});
      await again();
    },
  };
}

/** Changes the language at once, and remembers it with the account, so that other browsers begin in it. */
export function choose(language: Language): void {
  speak(language);
  // The page speaks it already; without the server it is remembered in this browser alone.
  put("/api/v1/session/language", { language }).catch(() => undefined);
}

const RANK: Record<Role, number> = { guest: 0, viewer: 1, editor: 2, admin: 3 };

/** Whether the one who is signed in may do what a role may. The server decides; this hides what it would refuse. */
export function useMay(role: Role): boolean {
  const { data } = useSession();
  return data?.user?.role ? RANK[data.user.role] >= RANK[role] : false;
}
