/** What this page saw of the API and of the socket: the ground of the figures on the system page. Only the newest are kept. */

export interface Answer {
  /** Local time at which it came. */
  at: number;
  /** Milliseconds from the request to the head of the answer. */
  ms: number;
  status: number;
  /** The `x-cache` header: `hit`, `miss` or `bypass`. */
  cache: string | null;
}

/** How old a change was when the page showed it. */
export interface Arrival {
  at: number;
  ms: number;
  road: "socket" | "polling";
}

const KEPT = 500;
const answers: Answer[] = [];
const arrivals: Arrival[] = [];

function keep<T>(all: T[], one: T): void {
  all.push(one);
  if (all.length > KEPT) all.shift();
}

export const noteAnswer = (answer: Answer): void => keep(answers, answer);
export const noteArrival = (arrival: Arrival): void => keep(arrivals, arrival);
export const observations = (): { answers: readonly Answer[]; arrivals: readonly Arrival[] } => ({ answers, arrivals });
