/** The projects with their counters, and the page of one project. */

import "../styles/projects.css";
import { useMemo } from "react";
import { Link } from "wouter";
import { TASK_STATUSES, type Project } from "../api/types";
import { useProjects } from "../data/queries";
import { formatAge, formatNumber } from "../domain/format";
import { useNow } from "../ui/clock";
import { StatusIcon } from "../ui/icons";
import { projectHref } from "../ui/links";
import { Command } from "../ui/parts";
import { usePreferences, useText } from "../ui/preferences";
import { useFavicon, useTitle } from "../ui/page-signs";
import ProjectHistory from "./project-history";
import { TaskBrowser } from "./task-browser";

export function ProjectsPage() {
  const text = useText();
  const { projects, loaded, error } = useProjects();
  useTitle(`${text.projects.title} · Miyabi`);
  useFavicon(null);
  const sorted = useMemo(() => projects.toSorted((left, right) => (left.updated_at < right.updated_at ? 1 : -1)), [projects]);
  return (
    <div className="page">
      <h1 className="page-title">{text.projects.title}</h1>
      {loaded && sorted.length === 0 && (
        <section className="empty">
          <h2>{text.projects.empty}</h2>
          <p>{text.projects.emptyText}</p>
          <Command value="miyabi run --project web -- npx cdk deploy" />
        </section>
      )}
      <ul className="projects">
        {!loaded && error === null && Array.from({ length: 3 }, (_, index) => <li key={index} className="project skeleton skeleton-project" />)}
        {sorted.map((project) => <ProjectCard key={project.project_id} project={project} />)}
      </ul>
    </div>
  );
}

const total = (project: Project) => TASK_STATUSES.reduce((sum, status) => sum + project.counts[status], 0);

function ProjectCard({ project }: { project: Project }) {
  const { text, language } = usePreferences();
  const now = useNow();
  const all = total(project);
  return (
    <li className="project">
      <div className="project-head">
        <h2><Link href={projectHref(project.project_id)} className="row-link">{project.name}</Link></h2>
        <span className={project.counts.running > 0 ? "project-now status-running" : "project-now quiet"}>
          {project.counts.running > 0 ? text.projects.runningCount(project.counts.running) : text.projects.noneRunning}
        </span>
      </div>
      <CountsBar project={project} all={all} />
      <ul className="project-counts">
        {TASK_STATUSES.filter((status) => project.counts[status] > 0).map((status) => (
          <li key={status} className={`status-${status}`}>
            <StatusIcon status={status} percentage={status === "running" ? 70 : null} size={14} />
            <span className="numeric">{formatNumber(project.counts[status], language)}</span>
            <span className="project-count-label">{text.status[status]}</span>
          </li>
        ))}
      </ul>
      <p className="meta">
        <span>{text.projects.total(all, formatNumber(all, language))}</span>
        <span>{text.projects.changed} {text.list.changed(formatAge(now - Date.parse(project.updated_at), language))}</span>
      </p>
    </li>
  );
}

/** The statuses of a project's tasks as parts of one line. The numbers stand below it. */
function CountsBar({ project, all }: { project: Project; all: number }) {
  if (all === 0) return <div className="counts-bar" aria-hidden="true" />;
  return (
    <div className="counts-bar" aria-hidden="true">
      {(["succeeded", "running", "queued", "cancelled", "failed"] as const).map(
        (status) => project.counts[status] > 0 && <span key={status} className={`status-${status}`} style={{ flexGrow: project.counts[status] }} />,
      )}
    </div>
  );
}

export function ProjectPage({ projectId }: { projectId: string }) {
  const text = useText();
  const { projects } = useProjects();
  const known = projects.find((project) => project.project_id === projectId);
  const name = known?.name ?? projectId;
  // The runs are another read when one more has ended, and not whenever anything moves.
  const newest = known && String(known.counts.succeeded + known.counts.failed + known.counts.cancelled);
  useTitle(`${name} · Miyabi`);
  useFavicon(null);
  return (
    <div className="page">
      <div className="project-title">
        <nav className="crumbs" aria-label={text.nav.crumbs}>
          <Link href="/projects">{text.projects.title}</Link>
        </nav>
        <h1 className="page-title">{name}</h1>
      </div>
      <ProjectHistory projectId={projectId} newest={newest} />
      <TaskBrowser project={projectId} />
    </div>
  );
}
