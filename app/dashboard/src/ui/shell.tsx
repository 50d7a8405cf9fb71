/** What is around every page: head with navigation, freshness and settings; the keyboard help; announcements. */

import { useEffect, useState, type ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { isTerminal } from "../api/types";
import { useData } from "../data/context";
import { Dialog } from "./dialog";
import { ConnectionBanner, FreshnessIndicator } from "./freshness";
import { KeyboardIcon, Mark, MoonIcon, SunIcon, SystemIcon } from "./icons";
import { usePlaces } from "./places";
import { usePreferences, useText, type Theme } from "./preferences";
import { useShortcuts } from "./shortcuts";

export function Shell({ children }: { children: ReactNode }) {
  const { text, language, setLanguage } = usePreferences();
  const [location, navigate] = useLocation();
  const [help, setHelp] = useState(false);
  usePlaces();
  useShortcuts({
    "?": () => setHelp(true),
    "g t": () => navigate("/"),
    "g p": () => navigate("/projects"),
  });
  const onProjects = location.startsWith("/projects");
  return (
    <>
      <a className="skip" href="#content">{text.nav.skip}</a>
      <header className="head">
        <div className="head-inner">
          <Link href="/" className="brand" aria-label={text.nav.home}>
            <Mark />
            <span className="brand-name">Miyabi</span>
          </Link>
          <nav aria-label={text.nav.label} className="nav">
            <Link href="/" aria-current={onProjects ? undefined : "page"}>{text.nav.tasks}</Link>
            <Link href="/projects" aria-current={onProjects ? "page" : undefined}>{text.nav.projects}</Link>
          </nav>
          <div className="head-end">
            <FreshnessIndicator />
            <button type="button" className="button button-quiet language" onClick={() => setLanguage(language === "ja" ? "en" : "ja")} aria-label={language === "ja" ? "EN: English" : "JA: 日本語"} title={language === "ja" ? "English" : "日本語"}>
              {language === "ja" ? "EN" : "JA"}
            </button>
            <ThemeButton />
            <button type="button" className="button button-quiet button-icon help-button" onClick={() => setHelp(true)} aria-label={text.help.open} title={`${text.help.open} (?)`}>
              <KeyboardIcon />
            </button>
          </div>
        </div>
      </header>
      <ConnectionBanner />
      <main id="content" tabIndex={-1}>{children}</main>
      <Announcer />
      <Help open={help} onClose={() => setHelp(false)} />
    </>
  );
}

const NEXT_THEME: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };

function ThemeButton() {
  const { theme, setTheme, text } = usePreferences();
  const label = `${text.settings.theme}: ${text.settings[theme]}`;
  return (
    <button type="button" className="button button-quiet button-icon" onClick={() => setTheme(NEXT_THEME[theme])} aria-label={label} title={label}>
      {theme === "system" ? <SystemIcon /> : theme === "light" ? <SunIcon /> : <MoonIcon />}
    </button>
  );
}

/** Tells a screen reader when a task that was seen running has ended. */
function Announcer() {
  const { entities } = useData();
  const text = useText();
  const [message, setMessage] = useState("");
  useEffect(
    () =>
      entities.onTransition(({ task }) => {
        if (isTerminal(task.status)) setMessage(text.list.ended(task.name, text.status[task.status]));
      }),
    [entities, text],
  );
  return <div className="visually-hidden" aria-live="polite">{message}</div>;
}

function Help({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { help } = useText();
  const groups: [string, [string[], string][]][] = [
    [help.list, [[["/"], help.search], [["j"], help.down], [["k"], help.up], [["Enter"], help.enter]]],
    [help.task, [[["/"], help.search], [["f"], help.follow], [["e"], help.error], [["Esc"], help.back]]],
    [help.everywhere, [[["g", "t"], help.tasks], [["g", "p"], help.projects], [["?"], help.this]]],
  ];
  return (
    <Dialog title={help.title} open={open} onClose={onClose}>
      <div className="help">
        {groups.map(([title, keys]) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {keys.map(([combination, meaning]) => (
                <div key={combination.join(" ")}>
                  <dt>{meaning}</dt>
                  <dd>{combination.map((key) => <kbd key={key}>{key}</kbd>)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
