// What the customer's buttons do: write, ask for a person, end, rate. Knows no markup.

import { type Conversation, Problem, type Rating, recall, remember } from "../shared/api.ts";
import { withRating } from "../shared/events.ts";
import type { Feed } from "../shared/feed.ts";
import { locale } from "../shared/i18n/locale.ts";
import { CONVERSATION_KEY, follow, leave } from "./following.ts";
import * as host from "./host.ts";
import { identifyAgain, renewSession } from "./identity.ts";
import { call, forgetSession, openSession } from "./session.ts";
import {
  attempt,
  conversation,
  expectReply,
  feed,
  focusInput,
  RATED_KEY,
  rated,
  session,
  unsent,
  waitingForReply,
} from "./store.ts";

/** Pick up the conversation this tab showed before a reload. */
export async function resume(): Promise<void> {
  const id = recall(CONVERSATION_KEY);
  if (id && session.value) await attempt(() => follow(id, onRefused));
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

let lastRating: Promise<unknown> = Promise.resolve();

/** Show it at once; one word after the other reaches the service, and a lost one is taken back. */
export async function rateAnswer(messageId: string, helpful: boolean): Promise<void> {
  const active = feed.value;
  const before = active && ratingOf(active, messageId);
  if (!active || before?.helpful === helpful) return;
  const show = (rating: Rating | null) => {
    active.thread.value = withRating(active.thread.value, messageId, rating);
  };
  show({ helpful });
  const put = () => active.put(`/messages/${messageId}/rating`, { helpful });
  const sent = lastRating.then(() => attempt(put));
  lastRating = sent;
  if (!(await sent) && ratingOf(active, messageId)?.helpful === helpful) show(before ?? null);
}

function ratingOf(active: Feed, messageId: string): Rating | null | undefined {
  return active.thread.value.messages.find((message) => message.id === messageId)?.rating;
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
  return follow(made.id, onRefused);
}

function onRefused(problem: Problem): void {
  const wasIdentified = session.value?.level === "identified";
  if (problem.status === 401) forgetSession();
  leave();
  if (wasIdentified && problem.status === 401) void identifyAgain();
}
