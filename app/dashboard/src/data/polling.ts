/** How long to wait until the next look. */

export interface Circumstances {
  /** Something on the page can change at any moment. */
  active: boolean;
  /** The tab can be seen. */
  visible: boolean;
  /** Failures in a row. */
  failures: number;
  /** Milliseconds since something changed or the user did something. */
  quietFor: number;
  /** The socket tells what changes. */
  told?: boolean;
}

export const ACTIVE_MS = 1_000;
const IDLE_MS = 2_000;
const QUIET_MS = 5_000;
const HIDDEN_ACTIVE_MS = 5_000;
const HIDDEN_MS = 30_000;
const TOLD_MS = 15_000;
const QUIET_AFTER_MS = 120_000;
const LONGEST_BACK_OFF_MS = 30_000;

/**
 * Milliseconds until the next look: a second while something runs and is watched, slower when nothing does or
 * nobody looks, seldom where the socket tells what changes, and doubling after failures up to half a minute. `random` (0 to 1) spreads the failures' retries by
 * a quarter, so that many tabs do not return at once.
 */
export function pollDelay({ active, visible, failures, quietFor, told = false }: Circumstances, random = Math.random()): number {
  let delay: number;
  if (!visible) delay = active ? HIDDEN_ACTIVE_MS : HIDDEN_MS;
  else if (told) delay = TOLD_MS;
  else if (active) delay = ACTIVE_MS;
  else delay = quietFor > QUIET_AFTER_MS ? QUIET_MS : IDLE_MS;
  if (failures === 0) return delay;
  const backOff = Math.min(ACTIVE_MS * 2 ** Math.min(failures, 10), LONGEST_BACK_OFF_MS);
  return Math.round(Math.max(delay, backOff) * (0.75 + random * 0.5));
}
