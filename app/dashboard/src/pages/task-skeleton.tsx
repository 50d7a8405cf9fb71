/** The outline of a task's page while its data is on the way: the same places as the page itself. */

import { useText } from "../ui/preferences";

export function TaskSkeleton() {
  const text = useText();
  return (
    <div className="page task-page" aria-busy="true">
      <p className="visually-hidden" role="status">{text.task.loading}</p>
      <div className="skeleton skeleton-crumb" />
      <div className="skeleton skeleton-title" />
      <div className="skeleton skeleton-hero" />
      <div className="skeleton skeleton-panel" />
      <div className="skeleton skeleton-panel" />
    </div>
  );
}
