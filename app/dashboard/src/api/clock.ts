/**
 * The server's time as well as this machine can know it. Ages and durations are differences to server
 * times, so a wrong local clock would make every one of them wrong.
 */

/** Below this the local clock is taken as it is: the `Date` header is exact to a second only. */
const TRUSTED_SKEW_MS = 2_000;

let offset = 0;

/** Learns from a response's `Date` header; `sent` and `received` are local times around the request. */
export function learnServerTime(header: string | null, sent: number, received: number): void {
  const server = header === null ? Number.NaN : Date.parse(header);
  if (Number.isNaN(server)) return;
  // The header is cut to the second: half a second is its expected error.
  const skew = server + 500 - (sent + received) / 2;
  offset = Math.abs(skew) > TRUSTED_SKEW_MS ? skew : 0;
}

/** Milliseconds since 1970 by the server's clock. */
export function serverNow(): number {
  return Date.now() + offset;
}
