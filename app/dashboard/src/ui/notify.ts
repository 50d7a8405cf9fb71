/** Whether the browser lets the page tell of something while it is not looked at. */

export type Permission = NotificationPermission | "none";

export function allowed(): Permission {
  return "Notification" in window ? Notification.permission : "none";
}

/** Asks the reader, if that was not done before. Only to be called after something that they did. */
export async function askToNotify(): Promise<Permission> {
  return allowed() === "default" ? Notification.requestPermission() : allowed();
}
