import { MultiSelect, TagsInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { FigureView } from "@/parts/FigureView";
import { FaultNote } from "@/parts/FaultNote";
import { post } from "@/wire/api";
import type { Recipe } from "@/wire/result";
import type { Figure } from "@/words/figures";
import { useWords } from "@/words/i18n";
import { number } from "@/words/numbers";
import { ROLES, term, wordsOf } from "@/words/terms";
import type { TextKey } from "@/words/texts";
import { patternFor, patternsOf, RULE_FIELDS, type Rule } from "./persona";

interface Found {
  persons: number;
  accounts: number;
  share: Figure;
  recipe: Recipe;
  as_of: string;
  titles: { title: string; persons: number }[];
  others: { title: string; persons: number }[];
}

/** Who belongs: patterns for what is known of people, and at once how many there are by them today. */
export function RuleFields({ persona, rule, onSet }: { persona: string; rule: Rule; onSet: (field: string, patterns: string[]) => void }) {
  const { t, language } = useWords();
  const listed = (field: string) => {
    const list = field === "role" ? ROLES : wordsOf("touchpoint");
    return [...new Set([...list, ...patternsOf(rule[field])])].map((value) => ({ value, label: term(field as "role", value, language) }));
  };
  return (
    <div className="rule">
      <div className="fields-wide">
        {RULE_FIELDS.map((field) => {
          const own = { label: t(`rule_${field}` as TextKey), value: patternsOf(rule[field]), onChange: (patterns: string[]) => onSet(field, patterns) };
          return field === "role" || field === "touchpoint" ? (
            <MultiSelect key={field} data={listed(field)} searchable clearable {...own} />
          ) : (
            <TagsInput key={field} placeholder={own.value.length ? undefined : t(`rule_${field}_like` as TextKey)} acceptValueOnBlur clearable {...own} />
          );
        })}
      </div>
      <Finds persona={persona} rule={rule} onTitle={(title) => onSet("title", [...patternsOf(rule.title), patternFor(title)])} />
    </div>
  );
}

function Finds({ persona, rule, onTitle }: { persona: string; rule: Rule; onTitle: (title: string) => void }) {
  const { t, language } = useWords();
  const patterns = Object.fromEntries(RULE_FIELDS.map((field) => [field, patternsOf(rule[field])]).filter(([, found]) => found!.length));
  const [asked] = useDebouncedValue(patterns, 250);
  const found = useQuery({
    queryKey: ["persona-rule", persona, asked],
    queryFn: () => post<Found>("/api/v1/personas/rule", { rule: asked, persona }),
    placeholderData: (before) => before,
    retry: false,
  });
  if (found.error) return <FaultNote error={found.error} />;
  if (!found.data) return null;
  const { persons, accounts, share, recipe, as_of, titles, others } = found.data;
  const some = Object.keys(asked).length > 0;
  return (
    <div className={`rule-finds stack${found.isPlaceholderData ? " stale" : ""}`} aria-live="polite">
      <p>
        {some ? <><span className="strong">{t("rule_finds", { n: persons, shown: number(persons, language), accounts: number(accounts, language) })}</span> <FigureView figure={share} unit="share" behind={{ recipe, as_of }} /></> : t("rule_empty")}
      </p>
      {some && titles.length > 0 && <p className="muted">{t("rule_titles")} {titles.map((one) => `${one.title} (${number(one.persons, language)})`).join(", ")}</p>}
      {others.length > 0 && (
        <div>
          <p className="muted">{t("rule_others")}</p>
          <p className="row">{others.map((one) => <button key={one.title} type="button" className="filter" onClick={() => onTitle(one.title)}><span className="hidden">{t("add")} </span>+ {one.title} ({number(one.persons, language)})</button>)}</p>
        </div>
      )}
    </div>
  );
}
