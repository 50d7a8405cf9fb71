/** What the user chose: theme and language. Kept in the browser; `public/theme.js` reads the theme before the first paint. */

import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import type { Language } from "../domain/format";
import { en, type Messages } from "../i18n/en";
import { ja } from "../i18n/ja";

export type Theme = "system" | "light" | "dark";

interface Preferences {
  theme: Theme;
  /** `null`: the browser's. */
  language: Language | null;
}

const KEY = "miyabi.preferences";

function read(): Preferences {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Preferences>;
    return {
      theme: stored.theme === "light" || stored.theme === "dark" ? stored.theme : "system",
      language: stored.language === "en" || stored.language === "ja" ? stored.language : null,
    };
  } catch {
    return { theme: "system", language: null };
  }
}

function write(preferences: Preferences): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(preferences));
  } catch {
    // The choice then lasts as long as the page.
  }
}

/** The first language of the browser that there are texts for. */
export function browserLanguage(languages: readonly string[]): Language {
  for (const language of languages) {
    if (/^ja\b/i.test(language)) return "ja";
    if (/^en\b/i.test(language)) return "en";
  }
  return "en";
}

interface PreferencesContext {
  theme: Theme;
  language: Language;
  text: Messages;
  setTheme: (theme: Theme) => void;
  setLanguage: (language: Language) => void;
}

const Context = createContext<PreferencesContext | null>(null);

export function PreferencesProvider({ children }: { children: ReactNode }) {
  const [preferences, setPreferences] = useState(read);
  const language = preferences.language ?? browserLanguage(navigator.languages);
  const { theme } = preferences;

  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  useEffect(() => {
    if (theme === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = theme;
  }, [theme]);

  const change = useCallback((part: Partial<Preferences>) => {
    setPreferences((before) => {
      const next = { ...before, ...part };
      write(next);
      return next;
    });
  }, []);
  const value = useMemo<PreferencesContext>(
    () => ({
      theme,
      language,
      text: language === "ja" ? ja : en,
      setTheme: (next) => change({ theme: next }),
      setLanguage: (next) => change({ language: next }),
    }),
    [theme, language, change],
  );
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function usePreferences(): PreferencesContext {
  const context = useContext(Context);
  if (context === null) throw new Error("PreferencesProvider is missing");
  return context;
}

/** The texts in the user's language. */
export const useText = () => usePreferences().text;
