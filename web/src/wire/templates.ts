import { useQuery } from "@tanstack/react-query";
import { get } from "./api";

type Both = Record<string, string>;

export interface Templates {
  maps: { id: string; title: Both; about?: Both; stages: { id: string; title: Both }[] }[];
  personas: { id: string; title: Both; sentence?: Both }[];
  surveys: { id: string; title: Both; intro?: Both; questions: number }[];
}

/** What maps, personas and surveys can be made from. */
export function useTemplates() {
  return useQuery({ queryKey: ["templates"], queryFn: () => get<Templates>("/api/v1/templates"), staleTime: Infinity });
}
