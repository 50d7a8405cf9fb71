/** The page: its data, its preferences, its routes. */

import { QueryClientProvider } from "@tanstack/react-query";
import { Component, Suspense, lazy, useEffect, useState, type ReactNode } from "react";
import { Link, Route, Switch } from "wouter";
import { DataProvider, createDataLayer } from "./data/context";
import { TasksPage } from "./pages/tasks";
import { PreferencesProvider, useText } from "./ui/preferences";
import { useSession } from "./ui/session";
import { Shell } from "./ui/shell";
import { TaskSkeleton } from "./pages/task-skeleton";

const loadTaskPage = () => import("./pages/task");
const TaskPage = lazy(loadTaskPage);
const ProjectsPage = lazy(() => import("./pages/projects").then((page) => ({ default: page.ProjectsPage })));
const ProjectPage = lazy(() => import("./pages/projects").then((page) => ({ default: page.ProjectPage })));
const SystemPage = lazy(() => import("./pages/system"));
const SignInPage = lazy(() => import("./pages/sign-in"));

export function App() {
  const [data] = useState(createDataLayer);
  useEffect(() => {
    // The list is there; the next page is made ready, so that opening a task waits for data only.
    const idle = "requestIdleCallback" in window ? requestIdleCallback(() => void loadTaskPage()) : setTimeout(loadTaskPage, 500);
    return () => ("cancelIdleCallback" in window ? cancelIdleCallback(idle) : clearTimeout(idle));
  }, []);
  useEffect(() => {
    const note = () => data.connection.noteChange();
    window.addEventListener("pointerdown", note);
    window.addEventListener("keydown", note);
    const wake = () => document.visibilityState === "visible" && data.push.wake();
    window.addEventListener("online", wake);
    document.addEventListener("visibilitychange", wake);
    return () => {
      window.removeEventListener("online", wake);
      document.removeEventListener("visibilitychange", wake);
      window.removeEventListener("pointerdown", note);
      window.removeEventListener("keydown", note);
    };
  }, [data]);
  return (
    <DataProvider value={data}>
      <QueryClientProvider client={data.queries}>
        <PreferencesProvider>
          <Guard>
            <Door>
              <Suspense fallback={<TaskSkeleton />}>
                <Switch>
                  <Route path="/"><TasksPage /></Route>
                  <Route path="/tasks/:id">{({ id }) => <TaskPage key={id} taskId={decode(id)} />}</Route>
                  <Route path="/projects"><ProjectsPage /></Route>
                  <Route path="/projects/:id">{({ id }) => <ProjectPage key={id} projectId={decode(id)} />}</Route>
                  <Route path="/system"><SystemPage /></Route>
                  <Route><MissingPage /></Route>
                </Switch>
              </Suspense>
            </Door>
          </Guard>
        </PreferencesProvider>
      </QueryClientProvider>
    </DataProvider>
  );
}

/** Everything for whoever is let in; for others, the way in. */
function Door({ children }: { children: ReactNode }) {
  const session = useSession();
  return session.kind === "out" ? <Suspense fallback={null}><SignInPage state={session} /></Suspense> : <Shell>{children}</Shell>;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function MissingPage() {
  const text = useText();
  return (
    <div className="page state">
      <h1>{text.notFoundPage}</h1>
      <p><Link href="/" className="button">{text.task.back}</Link></p>
    </div>
  );
}

/** The last net: says that the page broke, and offers to load it again. */
class Guard extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };
  static getDerivedStateFromError() {
    return { broken: true };
  }
  override render() {
    return this.state.broken ? <Broken /> : this.props.children;
  }
}

function Broken() {
  const text = useText();
  return (
    <div className="page state" role="alert">
      <h1>{text.crashed}</h1>
      <p><button type="button" className="button" onClick={() => location.reload()}>{text.reload}</button></p>
    </div>
  );
}
