// The knowledge base as the console sees it: documents, versions, what was shown when, findings.

import type { Citation, Locale } from "./api.ts";

export type Audience = "public" | "customers" | "staff";
export type DocumentStatus = "draft" | "submitted" | "scheduled" | "published" | "retired";

export const AUDIENCES: Audience[] = ["public", "customers", "staff"];
export const STATUSES: DocumentStatus[] = [
  "draft",
  "submitted",
  "scheduled",
  "published",
  "retired",
];

export interface Author {
  kind: "staff" | "integration" | "system";
  id: string | null;
}

export interface Facts {
  audience: Audience;
  intents: string[];
  source_url: string | null;
  effective_from: string | null;
  expires_at: string | null;
  owner: string | null;
  review_by: string | null;
}

export interface Version extends Facts {
  document_id: string;
  version: number;
  status: DocumentStatus;
  title: string;
  format: string;
  author: Author | null;
  approver_id: string | null;
  rejection: { reason: string; by_id: string; at: string } | null;
  created_at: string;
  published_at: string | null;
  shown_from: string | null;
  shown_until: string | null;
}

export interface DocumentSummary extends Version {
  id: string;
  slug: string | null;
  locale: Locale;
  published_version: number | null;
  updated_at: string;
}

export interface DocumentText extends DocumentSummary {
  body: string;
}

export interface Publication {
  version: number;
  shown_from: string;
  shown_until: string | null;
  state: "ended" | "shown" | "scheduled";
  cause: "approved" | "rolled_back" | "shipped";
  approver: Author | null;
}

export type Fact = string | string[] | null;

export interface Diff {
  from: number;
  to: number;
  facts: { field: string; from: Fact; to: Fact }[];
  lines: DiffLine[];
}

export interface DiffLine {
  op: "same" | "removed" | "added";
  text: string;
}

export interface VersionRatings {
  version: number;
  cited: number;
  helpful: number;
  not_helpful: number;
  share_helpful: { value: number; low: number; high: number; n: number } | null;
  csat: { mean: number; n: number } | null;
}

export interface KnownPerson {
  id: string;
  name: string;
}

export interface ImportSummary {
  id: string;
  kind: "files" | "url" | "sitemap";
  address: string | null;
  submit: boolean;
  status: "running" | "done";
  reason: string | null;
  total: number;
  waiting: number;
  created: number;
  updated: number;
  unchanged: number;
  failed: number;
  requested_by: string;
  created_at: string;
}

export interface ImportItem {
  name: string;
  outcome: "waiting" | "created" | "updated" | "unchanged" | "failed";
  document_id: string | null;
  version: number | null;
  reason: string | null;
}

export interface Import extends ImportSummary {
  items: ImportItem[];
}

export interface Article {
  document_id: string;
  version: number;
  title: string;
  locale: Locale;
  owner: string | null;
  review_by: string | null;
  written_at: string;
  expires_at: string | null;
}

export interface Conflict {
  articles: Article[];
  unit: string;
  figures: string[][];
  quotes: string[];
}

export interface Alike {
  articles: Article[];
  similarity: number | null;
  overlap: number;
}

export interface Health {
  articles: number;
  compared: number;
  stale_months: number;
  expiring_days: number;
  most_shown: number;
  totals: Record<string, number>;
  near_duplicates: Alike[];
  stale: (Article & { reason: "review_due" | "unchanged" })[];
  expiring: Article[];
  never_cited: Article[];
  conflicts: Conflict[] | null;
}

export interface LocaleCoverage {
  articles: Article[];
  questions: number;
  answered: number;
  abstained: number;
  rated_down: number;
}

export interface IntentCoverage {
  intent: string;
  definition: string;
  missing: string[];
  questions: number;
  locales: Record<string, LocaleCoverage>;
}

export interface Gap {
  name: string;
  locale: string;
  size: number;
  unanswered: number;
  low_rated: number;
  lacks: Record<string, number>;
  intents: { intent: string; questions: number }[];
  first_asked_at: string;
  last_asked_at: string;
  examples: { conversation_id: string; message_id: string; text: string; asked_at: string }[];
  nearest: { document_id: string; version: number; title: string } | null;
  answered_now: boolean;
}

export interface Gaps {
  questions: number;
  most_questions: number;
  is_cut: boolean;
  off_topic: number;
  left_off: number;
  gaps: Gap[];
}

export interface TrialHit {
  rank: number;
  document_id: string;
  version: number;
  chunk_id: string;
  title: string;
  headings: string[];
  text: string;
  audience: Audience;
  score: number;
  dense_score: number | null;
  keyword_score: number | null;
  example_score: number | null;
  rerank_score: number | null;
  signals: Record<string, number>;
  confidence: number;
  current: boolean;
}

export interface HiddenHit {
  document_id: string;
  version: number;
  chunk_id: string;
  title: string;
  locale: string;
  audience: Audience;
  because: "audience" | "locale";
}

export interface Trial {
  question: string;
  as_of: string | null;
  index_version: string;
  intent: {
    name: string | null;
    source: "given" | "router";
    confidence: number | null;
    out_of_scope: boolean;
  };
  attempts: { asked: string; confidence: number; answered: boolean }[];
  hits: TrialHit[];
  hidden: HiddenHit[];
  confidence: number;
  accept: number;
  outcome: string;
  answer: string | null;
  citations: Citation[];
}

/** What somebody who may not see the way is shown: the answer, and what was found. */
export interface PlainAnswer {
  answer: string | null;
  abstained: boolean;
  citations: Citation[];
  confidence: number;
}

export interface Found {
  hits: {
    document_id: string;
    version: number;
    chunk_id: string;
    title: string;
    text: string;
    score: number;
  }[];
  index_version: string;
}

export interface Span {
  section: string;
  quote: string;
  start: number;
  end: number;
}

export interface SummaryFact extends Span {
  kind: string;
  value: string;
  normalised: string;
  suspicious: boolean;
}

export interface TextSummary {
  method: "extractive" | "generated";
  fallback: string | null;
  language: Locale;
  characters: number;
  document: { id: string; version: number; title: string } | null;
  summary: { text: string; generated: boolean; citations: Span[] }[];
  facts: SummaryFact[];
  facts_omitted: number;
  sections: { heading: string; path: string[]; start: number; end: number }[];
  suspicious: Span[];
}

export interface DraftFromAnswer extends DocumentText {
  source: { conversation_id: string; message_id: string };
  duplicates: {
    document_id: string;
    version: number;
    title: string;
    similarity: number | null;
    overlap: number;
  }[];
  removed: string[];
}
