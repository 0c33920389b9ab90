import i18next from "i18next";
import { useSyncExternalStore } from "react";
import { TEXTS, type TextKey } from "./texts";

export type Language = "de" | "en";
export type Values = Record<string, string | number>;
export type Say = (key: TextKey, values?: Values) => string;

const KEPT = "etappe.language";

/** The texts of one language as i18next wants them: `one|many` becomes two plural forms. */
function resources(at: 0 | 1): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [key, pair] of Object.entries(TEXTS)) {
    const text = pair[at];
    const [one, many] = text.split("|");
    if (many === undefined) found[key] = text;
    else Object.assign(found, { [`${key}_one`]: one, [`${key}_other`]: many });
  }
  return found;
}

export function kept(): Language | null {
  try {
    const found = localStorage.getItem(KEPT);
    return found === "de" || found === "en" ? found : null;
  } catch {
    return null;
  }
}

function first(): Language {
  return kept() ?? (navigator.language.toLowerCase().startsWith("en") ? "en" : "de");
}

void i18next.init({
  lng: first(),
  fallbackLng: false,
  keySeparator: false,
  nsSeparator: false,
  showSupportNotice: false,
  resources: { de: { translation: resources(0) }, en: { translation: resources(1) } },
  interpolation: { escapeValue: false },
  returnNull: false,
});
document.documentElement.lang = i18next.language;

/** Changes the language at once, everywhere, and keeps it for the next visit. */
export function speak(language: Language): void {
  try {
    localStorage.setItem(KEPT, language);
  } catch {
    // A browser that keeps nothing still changes the language of this visit.
  }
  document.documentElement.lang = language;
  void i18next.changeLanguage(language);
}

export function language(): Language {
  return i18next.language === "en" ? "en" : "de";
}

/** A text in the present language, outside of components. `n` chooses between the forms of one and many. */
export const say: Say = (key, values = {}) =>
  i18next.t(key, { ...values, count: typeof values.n === "number" ? values.n : undefined }) as string;

function onChange(changed: () => void): () => void {
  i18next.on("languageChanged", changed);
  return () => i18next.off("languageChanged", changed);
}

/** The texts and the language; the component is drawn anew when the language changes. A large map asks for this a thousand times. */
export function useWords(): { t: Say; language: Language } {
  return { t: say, language: useSyncExternalStore(onChange, language) };
}
