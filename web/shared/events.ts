// One conversation as a value, and how each event changes it. Pure: no network, no clock, no screen.

import type { Author, Challenge, Conversation, Handoff, Level, Message, Rating } from "./api.ts";

interface Sequenced<T extends string, D> {
  seq: number;
  type: T;
  conversation_id: string;
  created_at: string;
  data: D;
}

interface Transient<T extends string, D> {
  seq?: null;
  type: T;
  conversation_id?: string;
  created_at?: string;
  data: D;
}

export type HandoffEventType =
  | "handoff.requested"
  | "handoff.accepted"
  | "handoff.released"
  | "handoff.transferred"
  | "handoff.returned";

export type ConversationEvent =
  | Sequenced<"message.created", { message: Message }>
  | Sequenced<"conversation.updated", { conversation: Conversation }>
  | Sequenced<HandoffEventType, { handoff: Handoff }>
  | Sequenced<"verification.requested", Challenge & { method: string }>
  | Sequenced<"verification.completed", { level: Level; action: string }>
  | Sequenced<"message.read", { side: string; up_to: number }>
  | Transient<"message.delta", { turn_id: string; text: string }>
  | Transient<"typing", { author: Author; is_typing: boolean }>
  | Transient<"assistant.working", { turn_id: string }>
  | Sequenced<"hidden", Record<string, never>> // something that only staff see; it keeps the count whole
  | Transient<"ping", undefined>;

/** A message on its way, under the id that makes sending it twice harmless. */
export interface Outgoing {
  client_message_id: string;
  text: string;
  created_at: string;
  state: "sending" | "failed";
  kind: "text" | "note";
}

export interface Thread {
  conversation: Conversation | null;
  messages: Message[]; // in seq order, no id twice
  outgoing: Outgoing[];
  lastEventSeq: number;
  draft: { turn_id: string; text: string } | null; // tokens seen so far
  doneTurn: string | null; // late tokens of this turn are dropped
  isWorking: boolean;
  typing: Author | null;
  readUpTo: { customer: number; staff: number };
}

export function emptyThread(): Thread {
  return {
    conversation: null,
    messages: [],
    outgoing: [],
    lastEventSeq: 0,
    draft: null,
    doneTurn: null,
    isWorking: false,
    typing: null,
    readUpTo: { customer: 0, staff: 0 },
  };
}

/** What a single event asks of its reader. */
export type Verdict = "applied" | "seen" | "gap";

/** Is this event the next one? A gap means: ask the service for what lies between. */
export function place(thread: Thread, event: ConversationEvent): Verdict {
  if (typeof event.seq !== "number") return "applied";
  if (event.seq <= thread.lastEventSeq) return "seen";
  return event.seq === thread.lastEventSeq + 1 ? "applied" : "gap";
}

/** The thread after one event. Safe to call twice with the same event. */
export function apply(thread: Thread, event: ConversationEvent): Thread {
  if (typeof event.seq !== "number") return applyTransient(thread, event);
  if (event.seq <= thread.lastEventSeq) return thread;
  return applySequenced({ ...thread, lastEventSeq: event.seq }, event);
}

function applyTransient(thread: Thread, event: ConversationEvent): Thread {
  switch (event.type) {
    case "message.delta": {
      const { turn_id, text } = event.data;
      if (turn_id === thread.doneTurn) return thread;
      const before = thread.draft?.turn_id === turn_id ? thread.draft.text : "";
      return { ...thread, isWorking: true, draft: { turn_id, text: before + text } };
    }
    case "typing": {
      const { author, is_typing } = event.data;
      if (is_typing) return { ...thread, typing: author };
      return thread.typing === author ? { ...thread, typing: null } : thread;
    }
    case "assistant.working":
      return event.data.turn_id === thread.doneTurn ? thread : { ...thread, isWorking: true };
    default:
      return thread;
  }
}

function applySequenced(thread: Thread, event: ConversationEvent): Thread {
  switch (event.type) {
    case "message.created":
      return addMessage(thread, event.data.message);
    case "conversation.updated":
      return withConversation(thread, { ...thread.conversation, ...event.data.conversation });
    case "handoff.requested":
    case "handoff.accepted":
    case "handoff.released":
    case "handoff.transferred":
    case "handoff.returned":
      return applyHandoff(thread, event.type, event.data.handoff);
    case "verification.requested": {
      const { challenge_id, action, sent_to, expires_at } = event.data;
      return verify(thread, null, { challenge_id, action, sent_to, expires_at });
    }
    case "verification.completed":
      return verify(thread, event.data.level, null);
    case "message.read":
      return markRead(thread, event.data.side, event.data.up_to);
    default:
      return thread;
  }
}

/** Insert one message at its place; an outgoing twin disappears. */
export function addMessage(thread: Thread, message: Message): Thread {
  const outgoing = withoutTwin(thread, message);
  if (thread.messages.some((known) => known.id === message.id)) return { ...thread, outgoing };
  const messages = [...thread.messages, message].sort((a, b) => a.seq - b.seq);
  const next: Thread = { ...thread, messages, outgoing };
  if (message.author === "customer") return next;
  if (message.kind === "text") next.typing = null;
  if (message.author === "agent") return next;
  return {
    ...next,
    doneTurn: thread.draft?.turn_id ?? thread.doneTurn,
    draft: null,
    isWorking: false,
  };
}

function withoutTwin(thread: Thread, message: Message): Outgoing[] {
  if (!thread.outgoing.length || thread.messages.some((known) => known.id === message.id))
    return thread.outgoing;
  if (message.client_message_id)
    return thread.outgoing.filter((out) => out.client_message_id !== message.client_message_id);
  // without an id of ours in the event: the oldest one in flight with these words is this one
  const twin = thread.outgoing.find(
    (out) => out.state === "sending" && out.text === message.text && out.kind === message.kind,
  );
  return twin ? thread.outgoing.filter((out) => out !== twin) : thread.outgoing;
}

/** Merge many messages, as a page of history brings them. */
export function addMessages(thread: Thread, messages: Message[]): Thread {
  return messages.reduce(addMessage, thread);
}

/** The thread with what the customer thinks of one answer; null takes it back. */
export function withRating(thread: Thread, messageId: string, rating: Rating | null): Thread {
  const messages = thread.messages.map((message) =>
    message.id === messageId ? { ...message, rating } : message,
  );
  return { ...thread, messages };
}

export function withConversation(thread: Thread, conversation: Conversation): Thread {
  const isWorking = thread.isWorking && conversation.status === "pending";
  return { ...thread, conversation, isWorking };
}

function applyHandoff(thread: Thread, type: HandoffEventType, handoff: Handoff): Thread {
  const conversation = thread.conversation;
  if (!conversation) return thread;
  const isReturned = type === "handoff.returned";
  return {
    ...thread,
    isWorking: false,
    draft: null,
    conversation: {
      ...conversation,
      handoff: isReturned ? null : handoff,
      // an event may name no person; acceptance then keeps who was known until the next read
      assignee:
        isReturned || type !== "handoff.accepted"
          ? null
          : (handoff.assignee ?? conversation.assignee),
      status: isReturned ? "pending" : "open",
    },
  };
}

function verify(thread: Thread, level: Level | null, pending: Challenge | null): Thread {
  const conversation = thread.conversation;
  if (!conversation) return thread;
  const reached = level ?? conversation.verification?.level ?? "anonymous";
  return {
    ...thread,
    conversation: { ...conversation, verification: { level: reached, pending } },
  };
}

function markRead(thread: Thread, side: string, upTo: number): Thread {
  const key = side === "customer" ? "customer" : "staff";
  const readUpTo = { ...thread.readUpTo, [key]: Math.max(thread.readUpTo[key], upTo) };
  return { ...thread, readUpTo };
}

/** After a reconnect half-streamed words are void; the finished message will come in sequence. */
export function withoutDraft(thread: Thread): Thread {
  return thread.draft || thread.typing ? { ...thread, draft: null, typing: null } : thread;
}

export function addOutgoing(thread: Thread, out: Outgoing): Thread {
  const others = thread.outgoing.filter((one) => one.client_message_id !== out.client_message_id);
  return { ...thread, outgoing: [...others, out] };
}

export function dropOutgoing(thread: Thread, clientMessageId: string): Thread {
  const outgoing = thread.outgoing.filter((one) => one.client_message_id !== clientMessageId);
  return { ...thread, outgoing };
}
