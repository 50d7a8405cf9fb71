/** Figures of many values. */

/** The smallest value that at least `share` (0 to 1) of the values do not exceed; `null` without any. */
export function quantile(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}

export interface CacheUse {
  hit: number;
  miss: number;
  bypass: number;
  /** Answers that said "unchanged". */
  unchanged: number;
  /** Hits among all answers that the cache could have given; `null` without any. */
  rate: number | null;
}

export function cacheUse(answers: readonly { status: number; cache: string | null }[]): CacheUse {
  const count = (cache: string) => answers.filter((answer) => answer.cache === cache).length;
  const [hit, miss, bypass] = [count("hit"), count("miss"), count("bypass")];
  const all = hit + miss + bypass;
  return { hit, miss, bypass, unchanged: answers.filter((answer) => answer.status === 304).length, rate: all === 0 ? null : hit / all };
}
