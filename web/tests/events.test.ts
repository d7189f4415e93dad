// A conversation's events: in order, once, and never lost to a gap.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Conversation, Message } from "../shared/api.ts";
import * as events from "../shared/events.ts";

function message(seq: number, more: Partial<Message> = {}): Message {
  return {
    id: `m${seq}`,
    conversation_id: "c1",
    seq,
    author: "assistant",
    kind: "text",
    text: `text ${seq}`,
    created_at: "2026-11-23T10:00:00Z",
    ...more,
  };
}

function created(seq: number, more: Partial<Message> = {}): events.ConversationEvent {
  return {
    seq,
    type: "message.created",
    conversation_id: "c1",
    created_at: "2026-11-23T10:00:00Z",
    data: { message: message(seq, more) },
  };
}

function conversation(more: Partial<Conversation> = {}): Conversation {
  return {
    id: "c1",
    status: "pending",
    channel: "widget",
    locale: "en",
    customer: null,
    assignee: null,
    verification: null,
    last_seq: 0,
    last_event_seq: 0,
    handoff: null,
    created_at: "2026-11-23T10:00:00Z",
    ...more,
  };
}

const start = () => events.withConversation(events.emptyThread(), conversation());
const out = (id: string, text: string): events.Outgoing => ({
  client_message_id: id,
  text,
  created_at: "2026-11-23T10:00:00Z",
  state: "sending",
  kind: "text",
});

test("the same event twice is one message", () => {
  const thread = events.apply(events.apply(start(), created(1)), created(1));
  assert.equal(thread.messages.length, 1);
  assert.equal(thread.lastEventSeq, 1);
});

test("an event that skips a number is a gap, an old one is seen", () => {
  const thread = events.apply(start(), created(1));
  assert.equal(events.place(thread, created(3)), "gap");
  assert.equal(events.place(thread, created(2)), "applied");
  assert.equal(events.place(thread, created(1)), "seen");
});

test("messages stand in seq order whatever order they came in", () => {
  const thread = events.addMessages(start(), [message(3), message(1), message(2)]);
  assert.deepEqual(
    thread.messages.map((m) => m.seq),
    [1, 2, 3],
  );
});

test("streamed words grow, and the finished message replaces them", () => {
  let thread = start();
  for (const text of ["Hel", "lo"])
    thread = events.apply(thread, { type: "message.delta", data: { turn_id: "t1", text } });
  assert.equal(thread.draft?.text, "Hello");
  thread = events.apply(thread, created(1, { text: "Hello." }));
  assert.equal(thread.draft, null);
  assert.equal(thread.isWorking, false);
});

test("a late word of a finished turn leaves no ghost", () => {
  let thread = events.apply(start(), { type: "message.delta", data: { turn_id: "t1", text: "a" } });
  thread = events.apply(thread, created(1));
  thread = events.apply(thread, { type: "message.delta", data: { turn_id: "t1", text: "b" } });
  assert.equal(thread.draft, null);
});

test("an outgoing message disappears when its event comes, by id", () => {
  let thread = events.addOutgoing(start(), out("u1", "hi"));
  thread = events.apply(
    thread,
    created(1, { author: "customer", text: "hi", client_message_id: "u1" }),
  );
  assert.equal(thread.outgoing.length, 0);
  assert.equal(thread.messages.length, 1);
});

test("without an id in the event, only one of two equal outgoing messages goes", () => {
  let thread = events.addOutgoing(events.addOutgoing(start(), out("u1", "hi")), out("u2", "hi"));
  thread = events.apply(thread, created(1, { author: "customer", text: "hi" }));
  assert.deepEqual(
    thread.outgoing.map((o) => o.client_message_id),
    ["u2"],
  );
});

test("a handoff opens the conversation, its return gives it back", () => {
  const handoff = {
    id: "h1",
    conversation_id: "c1",
    status: "accepted",
    queue: "general",
    priority: "normal",
    reason: "customer_request",
    requested_at: "2026-11-23T10:00:00Z",
    assignee: { id: "s1", name: "Aoife" },
  };
  const at = { conversation_id: "c1", created_at: "2026-11-23T10:00:00Z" };
  let thread = events.apply(start(), {
    ...at,
    seq: 1,
    type: "handoff.accepted",
    data: { handoff },
  });
  assert.equal(thread.conversation?.status, "open");
  assert.equal(thread.conversation?.assignee?.name, "Aoife");
  thread = events.apply(thread, { ...at, seq: 2, type: "handoff.returned", data: { handoff } });
  assert.equal(thread.conversation?.status, "pending");
  assert.equal(thread.conversation?.handoff, null);
});

test("a code is asked for, then the level is reached", () => {
  const challenge = {
    challenge_id: "v1",
    action: "balance_inquiry",
    sent_to: "•••• 4417",
    expires_at: "2026-11-23T10:05:00Z",
  };
  const at = { conversation_id: "c1", created_at: "2026-11-23T10:00:00Z" };
  let thread = events.apply(start(), {
    ...at,
    seq: 1,
    type: "verification.requested",
    data: { ...challenge, method: "otp" },
  });
  assert.deepEqual(thread.conversation?.verification?.pending, challenge);
  thread = events.apply(thread, {
    ...at,
    seq: 2,
    type: "verification.completed",
    data: { level: "otp", action: "balance_inquiry" },
  });
  assert.deepEqual(thread.conversation?.verification, { level: "otp", pending: null });
});

test("read marks only move forward", () => {
  const read = (seq: number, up_to: number): events.ConversationEvent => ({
    seq,
    type: "message.read",
    conversation_id: "c1",
    created_at: "2026-11-23T10:00:00Z",
    data: { side: "staff", up_to },
  });
  const thread = events.apply(events.apply(start(), read(1, 5)), read(2, 3));
  assert.equal(thread.readUpTo.staff, 5);
});

test("a rating is shown on its message alone, and can be taken back", () => {
  const thread = events.addMessages(start(), [message(1), message(2)]);
  const rated = events.withRating(thread, "m2", { helpful: false });
  assert.deepEqual(
    rated.messages.map((m) => m.rating),
    [undefined, { helpful: false }],
  );
  assert.equal(events.withRating(rated, "m2", null).messages[1]?.rating, null);
  assert.equal(events.withRating(thread, "m9", { helpful: true }).messages.length, 2);
});

test("a rating stays when the message comes again", () => {
  const rated = events.withRating(events.addMessage(start(), message(1)), "m1", { helpful: true });
  assert.deepEqual(events.addMessage(rated, message(1)).messages[0]?.rating, { helpful: true });
});
