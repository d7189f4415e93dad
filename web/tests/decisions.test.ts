// Each reading of the decisions leaves an audit event, so the console reads when somebody looks, and once.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Decisions } from "../console/decisions.ts";
import type { Author, Decision } from "../shared/api.ts";
import type { ConversationEvent } from "../shared/events.ts";

const SETTLE_MS = 5;
const settled = () => new Promise<void>((resolve) => setTimeout(resolve, SETTLE_MS * 8));

function said(author: Author): ConversationEvent {
  return { type: "message.created", data: { message: { author } } } as ConversationEvent;
}

function counted() {
  const readings = { count: 0, isDown: false };
  const load = async (): Promise<Decision[]> => {
    readings.count += 1;
    if (readings.isDown) throw new Error("down");
    return [{ message_seq: readings.count } as Decision];
  };
  return { readings, decisions: new Decisions(load, SETTLE_MS) };
}

test("decisions that nobody looks at are not read", async () => {
  const { readings, decisions } = counted();
  decisions.notice(said("assistant"));
  await settled();
  assert.equal(readings.count, 0);
});

test("looking reads once, looking again without news not at all", async () => {
  const { readings, decisions } = counted();
  for (const isShown of [true, true, false, true]) decisions.show(isShown);
  await settled();
  decisions.show(false);
  decisions.show(true);
  await settled();
  assert.equal(readings.count, 1);
  assert.equal(decisions.known.value.length, 1);
});

test("messages of the assistant that come together are one more reading", async () => {
  const { readings, decisions } = counted();
  decisions.show(true);
  await settled();
  decisions.notice(said("assistant"));
  decisions.notice(said("assistant"));
  await settled();
  assert.equal(readings.count, 2);
});

test("people's words, handoffs and read marks bring no reading", async () => {
  const { readings, decisions } = counted();
  decisions.show(true);
  await settled();
  for (const author of ["customer", "agent", "system"] as const) decisions.notice(said(author));
  for (const type of ["handoff.requested", "handoff.returned", "message.read", "typing"])
    decisions.notice({ type, data: {} } as ConversationEvent);
  await settled();
  assert.equal(readings.count, 1);
});

test("news that came unseen is read at the next look", async () => {
  const { readings, decisions } = counted();
  decisions.show(true);
  await settled();
  decisions.show(false);
  decisions.notice(said("assistant"));
  await settled();
  assert.equal(readings.count, 1);
  decisions.show(true);
  await settled();
  assert.equal(readings.count, 2);
});

test("a failed reading waits for the next message or look", async () => {
  const { readings, decisions } = counted();
  readings.isDown = true;
  decisions.show(true);
  await settled();
  assert.equal(readings.count, 1);
  readings.isDown = false;
  decisions.notice(said("assistant"));
  await settled();
  assert.equal(readings.count, 2);
  assert.equal(decisions.known.value.length, 1);
});
