// Where publications lie on a strip, and which lines of a comparison are worth showing. Pure.

import type { DiffLine, Publication } from "../../shared/knowledge.ts";

export interface Piece {
  publication: Publication;
  left: number; // percent of the strip
  width: number;
}

export interface Strip {
  pieces: Piece[];
  now: number; // percent
}

const HOUR = 3_600_000;
const LEAST = 3; // what the shortest span counts; an hour more counts 1

/** Publications in their order on one line, with a place for now.
 *
 * Not to scale: a minute and a year must both be seen, so a span counts by its logarithm.
 */
export function stripOf(publications: Publication[], now: number): Strip {
  const sorted = [...publications].sort((a, b) => a.shown_from.localeCompare(b.shown_from));
  const ends = sorted.map((one) => (one.shown_until ? Date.parse(one.shown_until) : null));
  const begins = sorted.map((one) => Date.parse(one.shown_from));
  const known = [now, ...begins, ...ends.filter((end) => end !== null)];
  const last = Math.max(...known);
  const beyond = last + Math.max(HOUR, last - Math.min(...known)); // room for what has no end
  const moments = [...new Set([...known, beyond])].sort((a, b) => a - b);
  const places = new Map<number, number>();
  let at = 0;
  moments.forEach((moment, i) => {
    const before = moments[i - 1];
    if (before !== undefined) at += LEAST + Math.log2(1 + (moment - before) / HOUR);
    places.set(moment, at);
  });
  const percent = (moment: number) => ((places.get(moment) ?? 0) / at) * 100;
  const pieces = sorted.map((publication, i) => {
    const left = percent(begins[i] ?? now);
    return { publication, left, width: percent(ends[i] ?? beyond) - left };
  });
  return { pieces, now: percent(now) };
}

export type Shown = { kind: "line"; line: DiffLine } | { kind: "fold"; lines: DiffLine[] };

const LEAST_FOLD = 3; // a fold takes a line itself

/** Long runs of unchanged lines are folded, but for a few around each change. */
export function folded(lines: DiffLine[], around = 2): Shown[] {
  const isNear = lines.map((_, at) =>
    lines.slice(Math.max(0, at - around), at + around + 1).some((line) => line.op !== "same"),
  );
  const shown: Shown[] = [];
  for (const [at, line] of lines.entries()) {
    const last = shown.at(-1);
    if (isNear[at]) shown.push({ kind: "line", line });
    else if (last?.kind === "fold") last.lines.push(line);
    else shown.push({ kind: "fold", lines: [line] });
  }
  return shown.flatMap((one) =>
    one.kind === "fold" && one.lines.length < LEAST_FOLD
      ? one.lines.map((line): Shown => ({ kind: "line", line }))
      : [one],
  );
}
