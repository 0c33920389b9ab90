import { Autocomplete, type AutocompleteProps } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { get } from "@/wire/api";
import type { Member } from "@/parts/mentions";

/** A field for a person: those who have an account are offered, anybody else can be written. */
export function Person(props: AutocompleteProps) {
  const known = useQuery({ queryKey: ["members"], queryFn: () => get<Member[]>("/api/v1/members"), staleTime: 5 * 60_000, retry: false });
  return <Autocomplete data={[...new Set((known.data ?? []).map((one) => one.shown || one.name))]} {...props} />;
}
