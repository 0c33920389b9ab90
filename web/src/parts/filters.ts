import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";

/** The filters of the filter bar. They live in the URL, so that a link shows what was seen. */
export const FILTERS = ["since", "until", "kind", "outcome", "persona", "segment", "tier", "industry", "country", "owner", "role", "account", "as_of"] as const;
export type FilterName = (typeof FILTERS)[number];
export type Filters = Partial<Record<FilterName, string>>;

/** The filters among the search of an address; anything else is left to its room. */
export function filtersOf(search: Record<string, unknown>): Filters {
  const found: Filters = {};
  for (const name of FILTERS) {
    const value = search[name];
    if (typeof value === "string" && value) found[name] = value;
    else if (typeof value === "number") found[name] = String(value);
  }
  return found;
}

/** As query parameters: several values of one filter stand apart by commas in the URL. */
export function asQuery(filters: Filters, names: readonly FilterName[] = FILTERS): Record<string, string | string[]> {
  const found: Record<string, string | string[]> = {};
  for (const name of names) {
    const value = filters[name];
    if (!value) continue;
    found[name] = name === "since" || name === "until" || name === "as_of" ? value : value.split("~");
  }
  return found;
}

export function useFilters() {
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const navigate = useNavigate();
  const filters = useMemo(() => filtersOf(search), [search]);
  const set = (changed: Filters) =>
    void navigate({ to: ".", search: (before: Record<string, unknown>) => tidied({ ...before, ...changed }), replace: true } as never);
  const clear = () => set(Object.fromEntries(FILTERS.map((name) => [name, undefined])));
  return { filters, set, clear, query: asQuery(filters) };
}

function tidied(search: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined && value !== ""));
}

/** One value of the room's own in the URL, such as the open tab. */
export function useOwn(name: string, otherwise = ""): [string, (value: string | undefined) => void] {
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const navigate = useNavigate();
  const value = search[name];
  const set = (next: string | undefined) =>
    void navigate({ to: ".", search: (before: Record<string, unknown>) => tidied({ ...before, [name]: next }), replace: true, resetScroll: false } as never);
  return [value === undefined || value === null ? otherwise : String(value), set];
}
