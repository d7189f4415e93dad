// The conversation on the screen: followed, read, left again. Knows nothing of who may see it.

import { batch, effect } from "@preact/signals";
import { Problem, remember } from "../shared/api.ts";
import type { ConversationEvent } from "../shared/events.ts";
import { Feed } from "../shared/feed.ts";
import * as host from "./host.ts";
import { call, forgetSession } from "./session.ts";
import {
  conversation,
  feed,
  focusInput,
  isStarting,
  isVisible,
  thread,
  trouble,
  waitingForReply,
} from "./store.ts";

export const CONVERSATION_KEY = `switchboard:conversation:${host.settings.inbox}`;

let feedNumber = 0;
let seenUpTo = 0;

effect(() => {
  if (isVisible.value) seenUpTo = thread.value.messages.at(-1)?.seq ?? seenUpTo;
});

/** Show a conversation and keep it true; what is followed last stays. */
export async function follow(id: string, onRefused: (problem: Problem) => void): Promise<Feed> {
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

export function markRead(): void {
  if (isVisible.value && document.visibilityState === "visible") feed.value?.read();
}

export function unread(): number {
  const messages = thread.value.messages;
  if (isVisible.value) seenUpTo = messages.at(-1)?.seq ?? 0;
  return messages.filter((m) => m.author !== "customer" && m.kind === "text" && m.seq > seenUpTo)
    .length;
}

export async function refreshQueuePlace(): Promise<void> {
  const handoff = conversation.value?.handoff;
  if (!handoff || handoff.assignee || !isVisible.value) return;
  await feed.value?.refresh().catch(() => {});
}
