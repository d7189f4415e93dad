// The panel's state: who is talking, in which conversation, and what they may do. Knows no markup.

import { batch, computed, effect, signal } from "@preact/signals";
import { buildCall, type Conversation, Problem, recall, remember } from "../shared/api.ts";
import type { ConversationEvent } from "../shared/events.ts";
import { emptyThread } from "../shared/events.ts";
import { Feed } from "../shared/feed.ts";
import { locale, toLocale } from "../shared/i18n/locale.ts";
import * as host from "./host.ts";

export interface WidgetSession {
  token: string;
  expires_at: string;
  inbox_id: string;
  level: string;
  customer: { id: string; name: string } | null;
}

const SESSION_KEY = `switchboard:session:${host.settings.inbox}`;
const CONVERSATION_KEY = `switchboard:conversation:${host.settings.inbox}`;
const LANGUAGE_KEY = "switchboard:language";
const RATED_KEY = "switchboard:rated";
const IDENTITY_WAIT_MS = 8_000;
const QUEUE_REFRESH_MS = 12_000;

export type Trouble = "cannotStart" | "tooMany" | "actionFailed" | "identityExpired" | null;

export const session = signal<WidgetSession | null>(null);
export const feed = signal<Feed | null>(null);
export const trouble = signal<Trouble>(null);
export const isStarting = signal(false);
export const isVisible = signal(!host.isEmbedded);
export const rated = signal<string | null>(recall(RATED_KEY));
export const waitingForReply = signal(false);
export const focusInput = signal(0);

export const thread = computed(() => feed.value?.thread.value ?? emptyThread());
export const connection = computed(() => feed.value?.connection.value ?? "live");
export const conversation = computed(() => thread.value.conversation);
export const pendingCode = computed(() => conversation.value?.verification?.pending ?? null);
export const isAssistantBusy = computed(
  () =>
    conversation.value?.status === "pending" && (thread.value.isWorking || waitingForReply.value),
);

const call = buildCall(() =>
  session.value
    ? { Authorization: `Bearer ${session.value.token}` }
    : ({} as Record<string, string>),
);
let identityArrived: ((token: string | null) => void) | null = null;
let busyTimer: ReturnType<typeof setTimeout> | undefined;
let feedNumber = 0;

/** Begin, or pick up where this tab was before a reload. */
export async function start(): Promise<void> {
  const kept = readKept();
  if (kept) session.value = kept;
  locale.value =
    toLocale(recall(LANGUAGE_KEY)) ??
    toLocale(host.settings.language) ??
    toLocale(navigator.language) ??
    "en";
  host.listen(onHostMessage);
  host.tell({ type: "ready" });
  effect(() => {
    host.tell({ type: "unread", count: isVisible.value ? 0 : unread() });
  });
  setInterval(refreshQueuePlace, QUEUE_REFRESH_MS);
  document.addEventListener("visibilitychange", markRead);
  if (host.settings.hasIdentity && kept?.level !== "identified") await identifyAgain();
  const conversationId = recall(CONVERSATION_KEY);
  if (conversationId && session.value) await attempt(() => follow(conversationId));
}

function readKept(): WidgetSession | null {
  const kept = recall(SESSION_KEY);
  if (!kept) return null;
  const found = JSON.parse(kept) as WidgetSession;
  return Date.parse(found.expires_at) > Date.now() ? found : null;
}

function onHostMessage(message: import("./bridge.ts").ToPanel): void {
  switch (message.type) {
    case "opened":
      isVisible.value = true;
      focusInput.value += 1;
      markRead();
      break;
    case "closed":
      isVisible.value = false;
      break;
    case "identify":
      if (identityArrived) identityArrived(message.token);
      else if (message.token) void attempt(() => become(message.token));
      break;
    case "logout":
      forget();
      break;
    case "language": {
      // the page's language counts when it changes; until then the customer's own choice holds
      const next = toLocale(message.locale);
      const isChange = host.settings.language !== message.locale;
      if (next && isChange) setLanguage(next);
      host.settings.language = message.locale;
    }
  }
}

export function setLanguage(next: "en" | "zh"): void {
  locale.value = next;
  remember(LANGUAGE_KEY, next);
}

/** A new proof means a new session; another customer never sees the former one's conversation. */
async function become(token: string | null): Promise<void> {
  const before = session.value;
  await openSession(token);
  const now = session.value as WidgetSession | null;
  if (before && before.customer?.id === now?.customer?.id) return;
  leave();
}

async function openSession(identityToken: string | null): Promise<void> {
  const body: Record<string, string> = { locale: locale.value };
  if (host.settings.inbox) body.inbox_id = host.settings.inbox;
  if (identityToken) body.identity_token = identityToken;
  session.value = await call<WidgetSession>("POST", "/v1/widget/sessions", body);
  remember(SESSION_KEY, JSON.stringify(session.value));
}

async function identifyAgain(): Promise<void> {
  const token = await new Promise<string | null>((resolve) => {
    const timer = setTimeout(() => resolve(null), IDENTITY_WAIT_MS);
    identityArrived = (value) => {
      clearTimeout(timer);
      resolve(value);
    };
    host.tell({ type: "identity_needed" });
  });
  identityArrived = null;
  if (token) await attempt(() => become(token));
  else trouble.value = "identityExpired";
}

async function follow(id: string): Promise<Feed> {
  feed.value?.stop();
  const number = ++feedNumber;
  const next = new Feed(call, id, { onRefused, onEvent });
  isStarting.value = true;
  try {
    await next.start();
  } catch (error) {
    if (error instanceof Problem && [401, 403, 404].includes(error.status)) {
      if (error.status === 401) forgetSession();
      remember(CONVERSATION_KEY, null);
    }
    throw error;
  } finally {
    isStarting.value = false;
  }
  if (number !== feedNumber) next.stop();
  else {
    feed.value = next;
    remember(CONVERSATION_KEY, id);
    markRead();
  }
  return next;
}

async function ensureConversation(): Promise<Feed> {
  if (feed.value) return feed.value;
  if (!session.value) await openSession(null);
  const body = { channel: "widget", locale: locale.value };
  let made: Conversation;
  try {
    made = await call<Conversation>("POST", "/v1/conversations", body);
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401) throw error;
    await renewSession();
    made = await call<Conversation>("POST", "/v1/conversations", body);
  }
  return follow(made.id);
}

async function renewSession(): Promise<void> {
  const wasIdentified = session.value?.level === "identified";
  forgetSession();
  if (wasIdentified) await identifyAgain();
  if (!session.value) await openSession(null);
}

function onRefused(problem: Problem): void {
  const wasIdentified = session.value?.level === "identified";
  if (problem.status === 401) forgetSession();
  leave();
  if (wasIdentified && problem.status === 401) void identifyAgain();
}

function onEvent(event: ConversationEvent): void {
  if (event.type === "message.created") {
    const { message } = event.data;
    if (message.author !== "customer") waitingForReply.value = false;
    host.tell({
      type: "event",
      name: "message",
      detail: { author: message.author, seq: message.seq },
    });
    markRead();
  }
  if (event.type === "handoff.requested" || event.type === "handoff.accepted") {
    waitingForReply.value = false;
    host.tell({ type: "event", name: "handoff", detail: { status: event.data.handoff.status } });
  }
}

function markRead(): void {
  if (isVisible.value && document.visibilityState === "visible") feed.value?.read();
}

let seenUpTo = 0;
function unread(): number {
  const messages = thread.value.messages;
  if (isVisible.value) seenUpTo = messages.at(-1)?.seq ?? 0;
  return messages.filter((m) => m.author !== "customer" && m.kind === "text" && m.seq > seenUpTo)
    .length;
}
effect(() => {
  if (isVisible.value) seenUpTo = thread.value.messages.at(-1)?.seq ?? seenUpTo;
});

async function refreshQueuePlace(): Promise<void> {
  const handoff = conversation.value?.handoff;
  if (!handoff || handoff.assignee || !isVisible.value) return;
  await feed.value?.refresh().catch(() => {});
}

/** Run something a button asked for; a failure becomes one sentence, never silence. */
async function attempt<T>(action: () => Promise<T>): Promise<T | null> {
  try {
    const found = await action();
    trouble.value = null;
    return found;
  } catch (error) {
    if (error instanceof Problem && error.status === 429) trouble.value = "tooMany";
    else trouble.value = feed.value ? "actionFailed" : "cannotStart";
    return null;
  }
}

export async function send(text: string): Promise<void> {
  const words = text.trim();
  if (!words) return;
  const active = await attempt(ensureConversation);
  if (!active) {
    unsent.value = words;
    return;
  }
  if (conversation.value?.status === "resolved") await attempt(() => active.post("/reopen"));
  if (conversation.value?.status === "pending") expectReply();
  active.typing(false);
  const isSent = await active.send(words);
  if (!isSent) waitingForReply.value = false;
}

/** Words that found no conversation yet; the input takes them back. */
export const unsent = signal<string | null>(null);

function expectReply(): void {
  waitingForReply.value = true;
  clearTimeout(busyTimer);
  busyTimer = setTimeout(() => {
    waitingForReply.value = false;
  }, 30_000);
}

export async function talkToPerson(): Promise<void> {
  const active = await attempt(ensureConversation);
  if (active) await attempt(() => active.post("/handoff"));
  await attempt(async () => feed.value?.refresh());
}

export async function resolve(): Promise<void> {
  await attempt(async () => feed.value?.post("/resolve"));
  await attempt(async () => feed.value?.refresh());
}

export async function reopen(): Promise<void> {
  await attempt(async () => feed.value?.post("/reopen"));
  await attempt(async () => feed.value?.refresh());
  focusInput.value += 1;
}

export async function rate(rating: number, comment: string): Promise<boolean> {
  const body: Record<string, unknown> = { rating };
  if (comment.trim()) body.comment = comment.trim();
  const done = await attempt(async () => {
    await feed.value?.post("/feedback", body);
    return true;
  });
  if (!done) return false;
  rated.value = feed.value?.id ?? null;
  remember(RATED_KEY, rated.value);
  host.tell({ type: "event", name: "rated", detail: { rating } });
  return true;
}

export type CodeAnswer =
  | "ok"
  | "codeWrong"
  | "codeExpired"
  | "codeLocked"
  | "actionFailed"
  | "tooMany";

export async function confirmCode(challengeId: string, code: string): Promise<CodeAnswer> {
  try {
    await feed.value?.put(`/verification/${challengeId}`, { code });
    expectReply();
    await feed.value?.refresh();
    return "ok";
  } catch (error) {
    if (!(error instanceof Problem)) return "actionFailed";
    if (error.code === "wrong_code") return "codeWrong";
    if (error.code === "challenge_expired") return "codeExpired";
    if (error.code === "challenge_locked") return "codeLocked";
    return error.status === 429 ? "tooMany" : error.status === 422 ? "codeWrong" : "actionFailed";
  }
}

export async function newCode(action: string): Promise<boolean> {
  const done = await attempt(async () => {
    await feed.value?.post("/verification", { method: "otp", action });
    await feed.value?.refresh();
    return true;
  });
  return done === true;
}

/** Leave this conversation on the screen; it stays with the bank. */
export function leave(): void {
  feedNumber += 1;
  feed.value?.stop();
  batch(() => {
    feed.value = null;
    trouble.value = null;
    waitingForReply.value = false;
    seenUpTo = 0;
  });
  remember(CONVERSATION_KEY, null);
  focusInput.value += 1;
}

function forgetSession(): void {
  session.value = null;
  remember(SESSION_KEY, null);
}

/** Sign-out on a shared computer: nothing of the customer stays in this tab. */
function forget(): void {
  leave();
  forgetSession();
  rated.value = null;
  remember(RATED_KEY, null);
}
