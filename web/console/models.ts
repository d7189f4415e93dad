// What the service says about intent models. Types of its bodies; knows no markup.

export interface Check {
  name: string;
  passed: boolean;
  detail: string;
  figures: Record<string, unknown>;
}

export interface Gate {
  passed: boolean;
  candidate: string;
  live: string | null;
  rows: Record<string, number>;
  checks: Check[];
  created_at: string;
}

export interface ModelSummary {
  version: string;
  state: "live" | "shadow" | "saved";
  created_at: string;
  languages: string[];
  intents: number;
  gate_passed: boolean | null;
}

export interface ModelList {
  items: ModelSummary[];
  live: string | null;
  promoted_at: string | null;
  serving: string;
  shadow: string | null;
  can_roll_back_to: string | null;
}

export interface Model extends ModelSummary {
  encoder_revision: string;
  data_digest: string;
  metrics: Record<string, Record<string, unknown>>;
  thresholds: Record<string, number>;
  gate: Gate | null;
}

export interface Promotion {
  version: string;
  previous: string | null;
  forced: boolean;
}

export interface Move {
  before: string | null;
  after: string | null;
  count: number;
  examples: { decision_id: string; conversation_id: string | null }[];
}

export interface Difference {
  shadow: string;
  live: string;
  decisions: number;
  agreed: number;
  agreement: number | null;
  agreement_low: number;
  agreement_high: number;
  intents_moved: number;
  outcomes_changed: number;
  intents: Move[];
  outcomes: Move[];
}

export type Act = "promote" | "force" | "rollback" | "shadow" | "endShadow";

/** The numbers of one language that people compare, in the order in which they are read. */
export const SHOWN_METRICS = ["accuracy", "macro_f1", "ece"] as const;
