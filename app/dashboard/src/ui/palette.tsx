/** The palette: everything of the page in one field, by keyboard. Tasks that the page does not know are asked of the API. */

import { useQuery } from "@tanstack/react-query";
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { useLocation } from "wouter";
import { api } from "../api/client";
import type { Task } from "../api/types";
import { useData } from "../data/context";
import { useProjects } from "../data/queries";
import { matchesSearch } from "../domain/list";
import { ArrowIcon, BellIcon, KeyboardIcon, MoonIcon, SearchIcon, StatusIcon, SunIcon, SystemIcon } from "./icons";
import { projectHref, taskHref } from "./links";
import { Highlight } from "./parts";
import { usePreferences } from "./preferences";
import type { Overlay } from "./shell";

interface Entry {
  id: string;
  group: string;
  label: string;
  detail?: string;
  icon: ReactNode;
  run: () => void;
}

const TASKS = 8;
/** The API is asked once the typing rests for this long. */
const REST_MS = 200;

export default function Palette({ onClose, open }: { onClose: () => void; open: (overlay: Overlay | null) => void }) {
  const { text, language, setTheme, setLanguage } = usePreferences();
  const { entities } = useData();
  const { projects } = useProjects();
  const [, navigate] = useLocation();
  const [words, setWords] = useState("");
  const [at, setAt] = useState(0);
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);

  const rested = useRested(words.trim());
  const search = useQuery({
    queryKey: ["palette", rested],
    queryFn: ({ signal }) => api.tasks({ q: rested }, { limit: 20 }, signal),
    enabled: rested.length > 1,
    staleTime: 10_000,
  });

  const entries = useMemo(() => {
    const go = (to: string) => () => navigate(to);
    const commands: Entry[] = [
      { id: "tasks", group: text.palette.go, label: text.nav.tasks, icon: <ArrowIcon />, run: go("/") },
      { id: "running", group: text.palette.go, label: text.palette.running, icon: <ArrowIcon />, run: go("/?status=running") },
      { id: "failed", group: text.palette.go, label: text.palette.failed, icon: <ArrowIcon />, run: go("/?status=failed") },
      { id: "projects", group: text.palette.go, label: text.nav.projects, icon: <ArrowIcon />, run: go("/projects") },
      { id: "system", group: text.palette.go, label: text.nav.system, icon: <ArrowIcon />, run: go("/system") },
      ...projects.map((project): Entry => ({ id: `project:${project.project_id}`, group: text.nav.projects, label: project.name, icon: <ArrowIcon />, run: go(projectHref(project.project_id)) })),
      { id: "light", group: text.palette.commands, label: `${text.settings.theme}: ${text.settings.light}`, icon: <SunIcon />, run: () => setTheme("light") },
      { id: "dark", group: text.palette.commands, label: `${text.settings.theme}: ${text.settings.dark}`, icon: <MoonIcon />, run: () => setTheme("dark") },
      { id: "theme", group: text.palette.commands, label: `${text.settings.theme}: ${text.settings.system}`, icon: <SystemIcon />, run: () => setTheme("system") },
      { id: "language", group: text.palette.commands, label: language === "ja" ? "English" : "日本語", icon: <ArrowIcon />, run: () => setLanguage(language === "ja" ? "en" : "ja") },
      { id: "notifications", group: text.palette.commands, label: text.notify.title, icon: <BellIcon />, run: () => open("notifications") },
      { id: "help", group: text.palette.commands, label: text.help.open, icon: <KeyboardIcon />, run: () => open("help") },
    ];
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (entry: Entry) => wanted.every((word) => entry.label.toLowerCase().includes(word));
    const known = entities.all().filter((task) => matchesSearch(task, words));
    const tasks = new Map<string, Task>();
    for (const task of [...known.filter((each) => each.status === "running"), ...known, ...(rested === words.trim() ? (search.data?.tasks ?? []) : [])]) {
      if (tasks.size < TASKS && !tasks.has(task.task_id)) tasks.set(task.task_id, task);
    }
    const found = [...tasks.values()].map(
      (task): Entry => ({ id: `task:${task.task_id}`, group: text.nav.tasks, label: task.name, detail: task.project_id, icon: <StatusIcon status={task.status} percentage={task.progress.percentage} />, run: go(taskHref(task.task_id)) }),
    );
    return wanted.length === 0 ? [...found.slice(0, 4), ...commands] : [...commands.filter(fits).slice(0, 5), ...found];
  }, [words, rested, search.data, projects, entities, text, language, navigate, open, setTheme, setLanguage]);

  const current = Math.min(at, entries.length - 1);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [current, entries]);
  const choose = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    entry.run();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const by = event.key === "ArrowDown" || (event.ctrlKey && event.key === "n") ? 1 : event.key === "ArrowUp" || (event.ctrlKey && event.key === "p") ? -1 : 0;
    if (by !== 0) setAt((current + by + entries.length) % Math.max(1, entries.length));
    else if (event.key === "Enter") choose(entries[current]);
    else return;
    event.preventDefault();
  };
  return (
    // The backdrop is the dialog element itself; Escape closes it for the keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events
    <dialog ref={dialog} className="dialog palette" aria-label={text.palette.title} onClose={onClose} onClick={(event) => event.target === dialog.current && onClose()}>
      <div className="palette-field">
        <SearchIcon />
        <input
          // The reader asked for this field.
          // oxlint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={entries[current] ? `${id}-${current}` : undefined}
          aria-label={text.palette.title}
          aria-autocomplete="list"
          placeholder={text.palette.hint}
          value={words}
          spellCheck={false}
          onChange={(event) => {
            setWords(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKey}
        />
      </div>
      <div ref={list} id={`${id}-list`} role="listbox" aria-label={text.palette.title} className="palette-list">
        {entries.map((entry, index) => (
          // The field keeps the focus and hears the keys.
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
          <div key={entry.id} id={`${id}-${index}`} role="option" aria-selected={index === current} className="palette-entry" data-first={entries[index - 1]?.group !== entry.group || undefined} onMouseMove={() => setAt(index)} onClick={() => choose(entry)}>
            {entry.icon}
            <span className="palette-label"><Highlight text={entry.label} words={words} /></span>
            {entry.detail !== undefined && <span className="quiet">{entry.detail}</span>}
            <span className="palette-group">{entry.group}</span>
          </div>
        ))}
      </div>
      {entries.length === 0 && <p className="panel-empty" role="status">{search.isFetching || rested !== words.trim() ? text.palette.searching : text.palette.nothing}</p>}
    </dialog>
  );
}

function useRested(value: string): string {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), REST_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}
