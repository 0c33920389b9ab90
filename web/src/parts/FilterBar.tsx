import { Button, MultiSelect, Popover, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { get } from "@/wire/api";
import { useWords, type Language } from "@/words/i18n";
import { date } from "@/words/numbers";
import { anyTerm, KINDS, OUTCOMES, ROLES } from "@/words/terms";
import type { TextKey } from "@/words/texts";
import { useFilters, type FilterName, type Filters } from "./filters";

export const COMMON: readonly FilterName[] = ["since", "kind", "outcome", "persona", "segment", "tier", "industry", "country", "owner", "role", "as_of"];

export function useKnown() {
  return useQuery({ queryKey: ["filters"], queryFn: () => get<Record<string, unknown>>("/api/v1/filters"), staleTime: 60_000 });
}

const FIXED: Record<string, readonly string[]> = { kind: KINDS, outcome: OUTCOMES, role: ROLES };

/** The values of a filter: as the workspace knows them, else those of the house. */
function valuesOf(known: Record<string, unknown> | undefined, name: string): { value: string; label?: string }[] {
  const found = known?.[name];
  if (!Array.isArray(found)) return (FIXED[name] ?? []).map((value) => ({ value }));
  return found.map((one: unknown) => {
    if (typeof one !== "object" || one === null) return { value: String(one) };
    const item = one as Record<string, unknown>;
    return { value: String(item.value ?? item.id ?? item.name), label: item.title ? String(item.title) : undefined };
  });
}

/** The filters of a room as chips; what is set stands in the URL and is plain to see. */
export function FilterBar({ names = COMMON }: { names?: readonly FilterName[] }) {
  const { t } = useWords();
  const { filters, set, clear } = useFilters();
  const known = useKnown();
  const any = names.some((name) => filters[name]) || Boolean(filters.account);
  return (
    <div className="filters noprint" role="group" aria-label={t("filters")}>
      {names.map((name) =>
        name === "since" ? (
          <PeriodChip key={name} filters={filters} set={set} />
        ) : name === "as_of" ? (
          <AsOfChip key={name} filters={filters} set={set} />
        ) : (
          <ListChip key={name} name={name} filters={filters} set={set} known={valuesOf(known.data, name)} />
        ),
      )}
      {filters.account && (
        <button type="button" className="filter filter-set" onClick={() => set({ account: undefined })}>
          {t("filter_account")}: {filters.account} ✕
        </button>
      )}
      {any && (
        <button type="button" className="link" onClick={clear}>
          {t("clear_filters")}
        </button>
      )}
    </div>
  );
}

interface ChipProps {
  filters: Filters;
  set: (changed: Filters) => void;
}

function Chip({ label, active, children }: { label: string; active: boolean; children: (close: () => void) => React.ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" trapFocus withRoles={false} portalProps={{ target: "#overlays" }}>
      <Popover.Target>
        <button type="button" className={`filter${active ? " filter-set" : ""}`} aria-expanded={open} onClick={() => setOpen(!open)}>
          {label}
        </button>
      </Popover.Target>
      <Popover.Dropdown>{children(() => setOpen(false))}</Popover.Dropdown>
    </Popover>
  );
}

function ListChip({ name, filters, set, known }: ChipProps & { name: FilterName; known: { value: string; label?: string }[] }) {
  const { t, language } = useWords();
  const label = t(`filter_${name}` as TextKey);
  const chosen = filters[name]?.split("~") ?? [];
  const called = (value: string) => known.find((one) => one.value === value)?.label ?? anyTerm(value, language);
  const options = [...new Set([...known.map((one) => one.value), ...chosen])];
  if (!options.length) return null;
  return (
    <Chip label={chosen.length ? `${label}: ${chosen.map(called).join(", ")}` : label} active={chosen.length > 0}>
      {() => (
        <MultiSelect
          label={label}
          data={options.map((value) => ({ value, label: called(value) }))}
          value={chosen}
          onChange={(values) => set({ [name]: values.join("~") || undefined })}
          searchable={options.length > 8}
          comboboxProps={{ withinPortal: false }}
          w={260}
          clearable
        />
      )}
    </Chip>
  );
}

function spanOf(filters: Filters, language: Language, whole: string): string {
  if (!filters.since && !filters.until) return whole;
  return `${filters.since ? date(filters.since, language) : "…"} – ${filters.until ? date(filters.until, language) : "…"}`;
}

function PeriodChip({ filters, set }: ChipProps) {
  const { t, language } = useWords();
  return (
    <Chip label={spanOf(filters, language, t("whole_period"))} active={Boolean(filters.since || filters.until)}>
      {(close) => (
        <div className="stack">
          <TextInput type="date" label={t("since")} value={filters.since ?? ""} onChange={(event) => set({ since: event.currentTarget.value || undefined })} />
          <TextInput type="date" label={t("until")} description={t("until_not_in")} value={filters.until ?? ""} onChange={(event) => set({ until: event.currentTarget.value || undefined })} />
          <div className="row">
            <Button onClick={() => { set({ since: undefined, until: undefined }); close(); }}>{t("whole_period")}</Button>
          </div>
        </div>
      )}
    </Chip>
  );
}

function AsOfChip({ filters, set }: ChipProps) {
  const { t, language } = useWords();
  return (
    <Chip label={filters.as_of ? `${t("as_of")} ${date(filters.as_of, language)}` : t("as_of_now")} active={Boolean(filters.as_of)}>
      {(close) => (
        <div className="stack">
          <TextInput type="date" label={t("as_of")} description={t("as_of_about")} value={filters.as_of ?? ""} onChange={(event) => set({ as_of: event.currentTarget.value || undefined })} w={260} />
          <div className="row">
            <Button onClick={() => { set({ as_of: undefined }); close(); }}>{t("as_of_now")}</Button>
          </div>
        </div>
      )}
    </Chip>
  );
}
