/** What the user chose: theme and language. Kept in the browser; `public/theme.js` reads the theme before the first paint. */

import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import type { Language } from "../domain/format";
import { en, type Messages } from "../i18n/en";

export type Theme = "system" | "light" | "dark";
/** Which ends of tasks the system is to tell of while the page is not looked at. */
export type Notify = "off" | "failed" | "ended";

interface Preferences {
  theme: Theme;
  /** `null`: the browser's. */
  language: Language | null;
  notify: Notify;
  /** Tasks whose end is to be told, whatever `notify` says. */
  watched: readonly string[];
}

/** The texts that are there; Japanese comes when it is first wanted. */
const texts: Partial<Record<Language, Messages>> = { en };

/** Makes the texts of a language ready. */
export async function loadTexts(language: Language): Promise<void> {
  if (language === "ja") texts.ja ??= (await import("../i18n/ja")).ja;
}

/** The language of the first sight of the page. */
export const firstLanguage = (): Language => read().language ?? browserLanguage(navigator.languages);

/** Watched tasks that are remembered; the oldest goes first. */
const WATCHED = 50;

const KEY = "miyabi.preferences";

function read(): Preferences {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Preferences>;
    return {
      theme: stored.theme === "light" || stored.theme === "dark" ? stored.theme : "system",
      language: stored.language === "en" || stored.language === "ja" ? stored.language : null,
      notify: stored.notify === "failed" || stored.notify === "ended" ? stored.notify : "off",
      watched: Array.isArray(stored.watched) ? stored.watched.filter((id) => typeof id === "string").slice(-WATCHED) : [],
    };
  } catch {
    return { theme: "system", language: null, notify: "off", watched: [] };
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
  notify: Notify;
  setNotify: (notify: Notify) => void;
  watched: readonly string[];
  watch: (taskId: string, on: boolean) => void;
}

const Context = createContext<PreferencesContext | null>(null);

export function PreferencesProvider({ children }: { children: ReactNode }) {
  const [preferences, setPreferences] = useState(read);
  const language = preferences.language ?? browserLanguage(navigator.languages);
  const { theme, notify, watched } = preferences;

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
      text: texts[language] ?? en,
      setTheme: (next) => change({ theme: next }),
      // Without its texts the language stays as it was; the button can be pressed again.
      setLanguage: (next) => void loadTexts(next).then(() => change({ language: next }), () => undefined),
      notify,
      setNotify: (next) => change({ notify: next }),
      watched,
      watch: (taskId, on) => change({ watched: [...watched.filter((id) => id !== taskId), ...(on ? [taskId] : [])].slice(-WATCHED) }),
    }),
    [theme, language, notify, watched, change],
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
