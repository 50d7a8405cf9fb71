/** What is around every page: head with navigation, freshness and settings; the keyboard help; announcements. */

import { Suspense, lazy, useEffect, useState, type ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { session } from "../api/client";
import { isTerminal } from "../api/types";
import { useData } from "../data/context";
import { ConnectionBanner, FreshnessIndicator } from "./freshness";
import { BellIcon, KeyboardIcon, Mark, MoonIcon, SearchIcon, SignOutIcon, SunIcon, SystemIcon } from "./icons";
import { usePlaces } from "./places";
import { usePreferences, useText, type Theme } from "./preferences";
import { useSession } from "./session";
import { useShortcuts } from "./shortcuts";

// None of these is needed for the first sight of the page.
const Help = lazy(() => import("./help"));
const Palette = lazy(() => import("./palette"));
const NotificationSettings = lazy(() => import("./notification-settings"));
const Notifier = lazy(() => import("./notifier"));

export type Overlay = "help" | "palette" | "notifications";

export function Shell({ children }: { children: ReactNode }) {
  const { text, language, setLanguage, notify, watched } = usePreferences();
  const [location, navigate] = useLocation();
  const who = useSession();
  const byLink = who.kind === "link";
  const [overlay, setOverlay] = useState<Overlay | null>(null);
  const close = () => setOverlay(null);
  usePlaces();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
      event.preventDefault();
      setOverlay((open) => (open === "palette" ? null : open ?? (document.querySelector("dialog[open]") ? null : "palette")));
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  useShortcuts({
    "?": () => setOverlay("help"),
    "g s": () => navigate("/system"),
    "g t": () => navigate("/"),
    "g p": () => navigate("/projects"),
  });
  const place = location.startsWith("/projects") ? "projects" : location.startsWith("/system") ? "system" : "tasks";
  const current = (of: typeof place) => (place === of ? "page" : undefined);
  return (
    <>
      <a className="skip" href="#content">{text.nav.skip}</a>
      <header className="head">
        <div className="head-inner">
          <Link href="/" className="brand" aria-label={text.nav.home}>
            <Mark />
            <span className="brand-name">Miyabi</span>
          </Link>
          {!byLink && <nav aria-label={text.nav.label} className="nav">
            <Link href="/" aria-current={current("tasks")}>{text.nav.tasks}</Link>
            <Link href="/projects" aria-current={current("projects")}>{text.nav.projects}</Link>
            <Link href="/system" aria-current={current("system")} className="nav-system">{text.nav.system}</Link>
          </nav>}
          <div className="head-end">
            {!byLink && <button type="button" className="palette-button" onClick={() => setOverlay("palette")} title={text.palette.title}>
              <SearchIcon />
              <span className="visually-hidden">{text.palette.title}</span>
              <kbd aria-hidden="true" data-keys={IS_APPLE ? "⌘K" : "Ctrl K"} />
            </button>}
            <FreshnessIndicator />
            <button type="button" className="button button-quiet language" onClick={() => setLanguage(language === "ja" ? "en" : "ja")} aria-label={language === "ja" ? "EN: English" : "JA: 日本語"} title={language === "ja" ? "English" : "日本語"}>
              {language === "ja" ? "EN" : "JA"}
            </button>
            <ThemeButton />
            <button type="button" className="button button-quiet button-icon bell-button" onClick={() => setOverlay("notifications")} aria-label={`${text.notify.title}: ${text.notify.choice[notify]}`} title={`${text.notify.title}: ${text.notify.choice[notify]}`} data-on={notify !== "off" || undefined}>
              <BellIcon />
            </button>
            <button type="button" className="button button-quiet button-icon help-button" onClick={() => setOverlay("help")} aria-label={text.help.open} title={`${text.help.open} (?)`}>
              <KeyboardIcon />
            </button>
            {who.kind === "person" && <SignOutButton name={who.name} />}
          </div>
        </div>
      </header>
      <ConnectionBanner />
      <main id="content" tabIndex={-1}>{children}</main>
      <Announcer />
      <Suspense fallback={null}>
        {overlay === "help" && <Help onClose={close} />}
        {overlay === "palette" && <Palette onClose={close} open={setOverlay} />}
        {overlay === "notifications" && <NotificationSettings onClose={close} />}
      </Suspense>
      <Suspense fallback={null}>{(notify !== "off" || watched.length > 0) && <Notifier />}</Suspense>
    </>
  );
}

const IS_APPLE = /Mac|iPhone|iPad/.test(navigator.platform);

function SignOutButton({ name }: { name: string | null }) {
  const text = useText();
  const title = name === null ? text.session.signOut : `${text.session.signOut} (${text.session.signedInAs(name)})`;
  return (
    <button type="button" className="button button-quiet button-icon sign-out-button" onClick={() => void session?.signOut()} aria-label={title} title={title}>
      <SignOutIcon />
    </button>
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
