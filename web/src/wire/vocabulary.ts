import { useQuery } from "@tanstack/react-query";
import { learn } from "@/words/terms";
import { get } from "./api";

/** Learns what this workspace calls its stages, touchpoints and columns, once. */
export function useVocabulary(wanted: boolean) {
  return useQuery({
    queryKey: ["words"],
    queryFn: async () => {
      const words = await get<Record<string, unknown>>("/api/v1/words");
      learn(words);
      return true;
    },
    enabled: wanted,
    staleTime: 10 * 60_000,
    retry: false,
  });
}
