// The HTTP contract as the browser sees it, and one way to call it. Knows nothing about screens.

export type Locale = "en" | "zh";
export type Level = "anonymous" | "identified" | "otp" | "strong";
export type Route = "account" | "knowledge" | "general" | "human";
export type Author = "customer" | "assistant" | "agent" | "system";
export type Status = "pending" | "open" | "snoozed" | "resolved";

export interface Person {
  id: string;
  name: string;
}

export interface Citation {
  document_id: string;
  version: number;
  title: string;
  url?: string | null;
  quote: string;
}

export interface CardRow {
  label: string;
  value: string;
  hint?: string | null;
}

export interface Card {
  kind: string;
  title: string;
  rows: CardRow[];
}

export interface Rating {
  helpful: boolean;
}

export interface Message {
  id: string;
  conversation_id: string;
  seq: number;
  author: Author;
  author_name?: string | null;
  kind: "text" | "note" | "activity";
  text: string;
  language?: string | null;
  citations?: Citation[];
  quick_replies?: string[];
  cards?: Card[];
  generated?: boolean;
  decision_id?: string | null;
  client_message_id?: string | null;
  rating?: Rating | null; // of an answer with sources, by its customer
  created_at: string;
}

export interface Handoff {
  id: string;
  conversation_id: string;
  status: string;
  queue: string;
  priority: string;
  reason: string;
  intent?: string | null;
  language?: string | null;
  customer_name?: string | null;
  note?: string | null;
  requested_at: string;
  waiting_seconds?: number | null;
  position?: number | null;
  estimated_wait_seconds?: number | null;
  assignee?: Person | null;
}

export interface Challenge {
  challenge_id: string;
  action: string;
  sent_to: string;
  expires_at: string;
}

export interface Conversation {
  id: string;
  status: Status;
  channel: string;
  locale: string;
  customer: (Person & { external_id?: string | null; email?: string | null }) | null;
  assignee: Person | null;
  verification: { level: Level; pending: Challenge | null } | null;
  last_seq: number;
  last_event_seq: number;
  handoff: Handoff | null;
  intents?: string[] | null;
  created_at: string;
  updated_at?: string | null;
}

export interface Page<T> {
  items: T[];
  next?: string | null;
}

export interface Candidate {
  intent: string;
  route: Route;
  confidence: number;
}

export interface Finding {
  type: string;
  start?: number;
  end?: number;
}

export interface Check {
  check: string;
  decided: boolean;
  value: number | null;
  test: string | null; // it decides when `value test threshold` holds
  threshold: number | null;
  detail: string | null;
}

export interface Explanation {
  summary: string; // one sentence, in the customer's language
  policy: Check[];
  nearest: { text: string; intent: string; similarity: number }[];
  rule: { name: string; intent: string; matched: string | null } | null;
  signals: Record<string, number>;
}

/** Another request of the same message. */
export interface DecidedPart {
  id: string;
  route: Route;
  outcome: string;
  intent: string | null;
  confidence: number;
  reason: string;
}

export interface Decision {
  id: string;
  message_seq: number;
  route: Route;
  outcome: string;
  intent: string | null;
  confidence: number;
  margin: number;
  out_of_scope: boolean;
  out_of_scope_score: number | null;
  reason: string;
  language: string;
  candidates: Candidate[];
  thresholds: Record<string, number>;
  model_version: string;
  filter: { action: string; findings: Finding[] } | null;
  context: string | null;
  parts: DecidedPart[];
  experiment: { key: string; variant: string } | null;
  steps: { step: string; outcome: string; milliseconds: number; detail?: unknown }[];
  citations: Citation[];
  explanation: Explanation;
  created_at: string;
}

export interface Queue {
  name: string;
  waiting: number;
  longest_wait_seconds: number | null;
  estimated_wait_seconds: number | null;
}

export interface Staff {
  id: string;
  name: string;
  email: string;
  role: string;
}

export interface Summary {
  period: { from: string; to: string };
  conversations: number;
  messages: number;
  turns: number;
  handoffs: number;
  handoff_rate: number | null;
  containment_rate: number | null;
  resolved: number;
  csat: { average: number | null; count: number };
  by_route: { key: string; turns: number; share: number }[];
  by_day: { day: string; conversations: number; handoffs: number; handoff_rate: number | null }[];
  median_response_ms: number | null;
}

export interface HandoffRow {
  key: string;
  conversations: number;
  handoffs: number;
  handoff_rate: number | null;
  interval: [number, number] | null;
  conversation_ids: string[];
}

export interface AuditEvent {
  id: string;
  time: string;
  actor: unknown;
  action: string;
  subject: unknown;
  outcome: string;
  details: unknown;
}

export interface Verdict {
  ok: boolean;
  events: number;
  blocks: number;
  first_bad?: unknown;
}

/** One field of a request and the rule that it broke. */
export interface FieldProblem {
  field: string;
  message: string;
}

/** What went wrong, as the service told it (problem+json), or status 0 when nothing answered. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly retryAfter: number | null;
  readonly errors: FieldProblem[];

  constructor(
    status: number,
    code: string,
    detail: string,
    retryAfter: number | null = null,
    errors: FieldProblem[] = [],
  ) {
    super(detail);
    this.name = "Problem";
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
    this.errors = errors;
  }
}

export interface CallOptions {
  signal?: AbortSignal;
  idempotencyKey?: string;
}

export type Call = <T>(
  method: string,
  path: string,
  body?: unknown,
  options?: CallOptions,
) => Promise<T>;

/** Build the one function that talks to the service; `headers` adds the caller's proof.
 *
 * A body goes as JSON, a form with files as it is. */
export function buildCall(headers: () => Record<string, string>): Call {
  return async <T>(method: string, path: string, body?: unknown, options: CallOptions = {}) => {
    const sent: Record<string, string> = { Accept: "application/json", ...headers() };
    const isForm = body instanceof FormData; // the browser writes its type, with the boundary
    if (body !== undefined && !isForm) sent["Content-Type"] = "application/json";
    if (options.idempotencyKey) sent["Idempotency-Key"] = options.idempotencyKey;
    const response = await send(path, {
      method,
      headers: sent,
      body: isForm ? body : body === undefined ? null : JSON.stringify(body),
      signal: options.signal ?? null,
      credentials: "same-origin",
      cache: "no-store",
    });
    if (!response.ok) throw await problemOf(response);
    if (response.status === 204) return undefined as T;
    return (await response.json()) as T;
  };
}

async function send(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Problem(0, "unreachable", "The service did not answer.");
  }
}

async function problemOf(response: Response): Promise<Problem> {
  const after = Number(response.headers.get("Retry-After"));
  const retryAfter = Number.isFinite(after) && after > 0 ? after : null;
  let body: { code?: string; detail?: string; title?: string; errors?: FieldProblem[] } = {};
  try {
    body = await response.json();
  } catch {
    // not every proxy answers with problem+json; the status is enough then
  }
  const detail = body.detail ?? body.title ?? `HTTP ${response.status}`;
  const { code = "unknown", errors = [] } = body;
  return new Problem(response.status, code, detail, retryAfter, errors);
}

/** True when the same request may succeed later. */
export function isPassing(error: unknown): boolean {
  return (
    error instanceof Problem && (error.status === 0 || error.status === 429 || error.status >= 500)
  );
}

/** Read a stored value; storage may be forbidden, then there is none. */
export function recall(key: string): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Keep a value for this tab, or forget it with null. */
export function remember(key: string, value: string | null): void {
  try {
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, value);
  } catch {
    // private modes forbid storage; the page still works until it is reloaded
  }
}
