// What the fairness doors answer. Knows nothing about screens.

export interface Rate {
  count: number;
  n: number;
  share: number;
  low: number;
  high: number;
  zero_bound: number | null;
}

export interface Line {
  perturbation: string;
  family: string;
  language: string;
  n: number;
  flips: Record<string, Rate>;
  harmed: number;
  helped: number;
  urgent_lost: number;
  p_harm_holm: number;
  is_equivalent: boolean;
}

export interface FamilyLine {
  family: string;
  language: string;
  pairs: number;
  flips: Record<string, Rate>;
  difference: number;
}

export interface Flip {
  perturbation: string;
  language: string;
  before: string;
  after: string;
  was: string;
  became: string;
}

export interface Counts {
  right: number;
  asked: number;
  wrong: number;
}

export interface Run {
  id: string;
  created_at: string;
  finished_at: string | null;
  state: string;
  occasion: string;
  model_version: string | null;
  passed: boolean | null;
  detail: string | null;
  figures: Record<string, number>;
}

export interface RunWithReport extends Run {
  report: {
    seeds: Record<string, number>;
    base: Record<string, Counts>;
    pairs: number;
    margin: number;
    has_filter: boolean;
    lines: Line[];
    families: FamilyLine[];
    worst: Flip[];
  };
}

export interface Slice {
  by: string;
  key: string;
  turns: number;
  answer: Rate;
  clarify: Rate;
  handoff: Rate;
  blocked: Rate;
  accuracy: Rate;
  is_large_enough: boolean;
}

export interface Slices {
  smallest_judged: number;
  slices: Slice[];
}

/** The end of a scale that holds every interval: a round share, at most 1. */
export function scaleFor(rates: Rate[]): number {
  const most = Math.max(0.01, ...rates.filter((rate) => rate.n > 0).map((rate) => rate.high));
  return [0.05, 0.1, 0.2, 0.4, 0.6, 0.8].find((end) => most <= end) ?? 1;
}
