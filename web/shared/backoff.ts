// How long to wait before the next try. Pure: chance is an argument.

const FIRST_MS = 500;
const LAST_MS = 30_000;

/** Doubling from 0.5 s to 30 s, then half of it left to chance so that clients do not march in step. */
export function backoff(attempt: number, chance: number): number {
  const ceiling = Math.min(LAST_MS, FIRST_MS * 2 ** Math.min(Math.max(attempt, 0), 16));
  return Math.round(ceiling / 2 + (ceiling / 2) * chance);
}
