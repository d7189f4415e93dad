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

const LEAST_PERCENT = 1.5; // a publication of a minute is still seen
const AHEAD = 0.12; // of the span: room behind what has no end

/** Publications on one line from the first begin to a while after the last moment that is known. */
export function stripOf(publications: Publication[], now: number): Strip {
  const sorted = [...publications].sort((a, b) => a.shown_from.localeCompare(b.shown_from));
  const moments = sorted.flatMap((one) => [
    Date.parse(one.shown_from),
    one.shown_until ? Date.parse(one.shown_until) : now,
  ]);
  const begin = Math.min(now, ...moments);
  const known = Math.max(now, ...moments);
  const end = known + Math.max(1, known - begin) * AHEAD;
  const at = (moment: number) => ((moment - begin) / (end - begin)) * 100;
  const pieces = sorted.map((publication) => {
    const left = at(Date.parse(publication.shown_from));
    const right = publication.shown_until ? at(Date.parse(publication.shown_until)) : 100;
    return { publication, left, width: Math.max(LEAST_PERCENT, right - left) };
  });
  return { pieces, now: at(now) };
}

export type Shown = { kind: "line"; line: DiffLine } | { kind: "fold"; lines: DiffLine[] };

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
  return shown;
}
