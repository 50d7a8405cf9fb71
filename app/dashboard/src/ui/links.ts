/** The addresses of pages. An identifier's colons stay as they are: they may stand in a path, and read better. */

const segment = (id: string) => encodeURIComponent(id).replaceAll("%3A", ":");

export const taskHref = (taskId: string) => `/tasks/${segment(taskId)}`;
export const projectHref = (projectId: string) => `/projects/${segment(projectId)}`;
