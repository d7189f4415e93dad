// What the panel shows, as signals: who is talking, in which conversation, and what is awaited. Knows no network.

import { computed, signal } from "@preact/signals";
import { Problem, recall } from "../shared/api.ts";
import { emptyThread } from "../shared/events.ts";
import type { Feed } from "../shared/feed.ts";
import * as host from "./host.ts";

export interface WidgetSession {
  token: string;
  expires_at: string;
  inbox_id: string;
  level: string;
  customer: { id: string; name: string } | null;
}

export const RATED_KEY = "switchboard:rated";
const REPLY_PATIENCE_MS = 30_000;

export type Trouble = "cannotStart" | "tooMany" | "actionFailed" | "identityExpired" | null;

export const session = signal<WidgetSession | null>(null);
export const feed = signal<Feed | null>(null);
export const trouble = signal<Trouble>(null);
export const isStarting = signal(false);
export const isVisible = signal(!host.isEmbedded);
export const rated = signal<string | null>(recall(RATED_KEY));
export const waitingForReply = signal(false);
export const focusInput = signal(0);
/** Words that found no conversation yet; the input takes them back. */
export const unsent = signal<string | null>(null);

export const thread = computed(() => feed.value?.thread.value ?? emptyThread());
export const connection = computed(() => feed.value?.connection.value ?? "live");
export const conversation = computed(() => thread.value.conversation);
export const pendingCode = computed(() => conversation.value?.verification?.pending ?? null);
export const isAssistantBusy = computed(
  () =>
    conversation.value?.status === "pending" && (thread.value.isWorking || waitingForReply.value),
);

let busyTimer: ReturnType<typeof setTimeout> | undefined;

export function expectReply(): void {
  waitingForReply.value = true;
  clearTimeout(busyTimer);
  busyTimer = setTimeout(() => {
    waitingForReply.value = false;
  }, REPLY_PATIENCE_MS);
}

/** Run something a button asked for; a failure becomes one sentence, never silence. */
export async function attempt<T>(action: () => Promise<T>): Promise<T | null> {
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
