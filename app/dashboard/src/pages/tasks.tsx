/** The list of all tasks. */

import { useFavicon, useTitle } from "../ui/page-signs";
import { useText } from "../ui/preferences";
import { TaskBrowser } from "./task-browser";

export function TasksPage() {
  const text = useText();
  useTitle("Miyabi");
  useFavicon(null);
  return (
    <div className="page">
      <h1 className="visually-hidden">{text.list.title}</h1>
      <TaskBrowser project={null} />
    </div>
  );
}
