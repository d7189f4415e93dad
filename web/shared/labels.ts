// Learning from people, as the console sees it: labels, training runs, suggested intents.

export const OUT_OF_SCOPE = "out_of_scope";

export interface Actor {
  actor: string;
  name: string;
}

export interface Correction {
  id: string;
  decision_id: string;
  kind: string;
  status: string;
  intent: string;
  decided_intent: string | null;
  labelled_by: Actor;
  created_at: string;
  reviewed_by: Actor | null;
  reviewed_at: string | null;
  superseded_by: string | null;
  note: string | null;
}

export interface Neighbour {
  source: string;
  label_id: string | null;
  status: string | null;
  text: string;
  intent: string;
  similarity: number;
  agrees: boolean;
}

export interface Label extends Correction {
  conversation_id: string;
  text: string;
  original_text: string;
  language: string;
  channel: string;
  decided_reason: string;
  model_version: string;
  edited_by: string | null;
  duplicate: boolean;
  conflict: "same" | "near" | null;
  needs_context: boolean;
  placeholders: string[];
  neighbours: Neighbour[];
  reviewable: boolean;
}

export interface LabelSummary {
  pending: number;
  accepted: number;
  new_since_last_run: number;
  offer_after: number;
  retrain_offered: boolean;
  run_under_way: string | null;
}

export interface Measured {
  rows: number;
  accuracy: number | null;
  macro_f1: number | null;
  ece: number | null;
  answered: number | null;
  answered_right: number | null;
  refused: number | null;
}

export interface Compared {
  before: Measured | null;
  after: Measured;
  paired: { rows: number; won: number; lost: number; p_worse: number } | null;
}

export interface TrainingConflict {
  kind: string;
  text: string;
  label_intent: string | null;
  other_intent: string | null;
}

export interface TrainingRun {
  id: string;
  state: string;
  step: string | null;
  progress: number;
  requested_by: Actor;
  data: {
    base_rows?: number;
    learnt_rows?: number;
    labels?: number;
    held_out_labels?: number;
    conflicts?: TrainingConflict[];
  };
  version: string | null;
  base_version: string | null;
  report: { sets?: Record<string, Record<string, Compared>>; live_not_measured?: string | null };
  reason: string | null;
  created_at: string;
  finished_at: string | null;
}

export interface Suggestion {
  id: string;
  status: string;
  language: string;
  name: string;
  texts: string[];
  size: number;
  earlier: number;
  recent: number;
  trend: string;
  nearest_intent: string | null;
  nearest_similarity: number | null;
  closed_by: Actor | null;
  labelled_as: string | null;
}
