import { Select, TextInput } from "@mantine/core";
import { useOwn } from "@/parts/filters";
import { useWords } from "@/words/i18n";
import { anyTerm, optionName } from "@/words/terms";

export interface AnalysisOption {
  name: string;
  words: string;
  words_de?: string;
  default?: unknown;
  choices?: string[];
}

export interface Analysis {
  name: string;
  title: string;
  title_de: string;
  question: string;
  question_de?: string;
  options: AnalysisOption[];
}

const LEFT_OUT = new Set(["language", "rows"]);

/** What an analysis can be asked otherwise; its settings stand in the URL like the filters. */
export function Options({ analysis }: { analysis: Analysis }) {
  const { t } = useWords();
  const options = analysis.options.filter((option) => !LEFT_OUT.has(option.name));
  if (!options.length) return null;
  return (
    <details className="options">
      <summary>{t("ask_otherwise")}</summary>
      <div className="options-all">
        {options.map((option) => (
          <One key={option.name} option={option} />
        ))}
      </div>
    </details>
  );
}

function One({ option }: { option: AnalysisOption }) {
  const { language } = useWords();
  const [value, set] = useOwn(`o_${option.name}`);
  const label = optionName(option.name, language);
  const about = language === "de" ? (option.words_de ?? option.words) : option.words;
  const plain = option.default === null || option.default === undefined ? "" : Array.isArray(option.default) ? option.default.join(",") : String(option.default);
  if (option.choices?.length || plain === "true" || plain === "false" || plain === "True" || plain === "False") {
    const choices = option.choices?.length ? option.choices : ["true", "false"];
    return <Select size="xs" label={label} description={about} data={choices.map((one) => ({ value: one, label: anyTerm(one, language) }))} value={value || plain.toLowerCase() || choices[0] || null} onChange={(next) => set(next === plain ? undefined : (next ?? undefined))} />;
  }
  return (
    <TextInput
      key={value}
      size="xs"
      label={label}
      description={about}
      placeholder={anyTerm(plain, language)}
      defaultValue={value}
      onBlur={(event) => set(event.currentTarget.value.trim() || undefined)}
      onKeyDown={(event) => event.key === "Enter" && set(event.currentTarget.value.trim() || undefined)}
    />
  );
}
