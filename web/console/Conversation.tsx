// One conversation: live transcript, what an agent may do with it, and the reasons beside it.

import { useComputed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import {
  type Decision,
  type Conversation as Facts,
  type Handoff,
  type Page,
  Problem,
} from "../shared/api.ts";
import { Feed } from "../shared/feed.ts";
import { fill } from "../shared/format.ts";
import { go } from "../shared/router.ts";
import { Composer } from "./Composer.tsx";
import { CustomerPanel } from "./CustomerPanel.tsx";
import { DecisionTrace } from "./DecisionTrace.tsx";
import { Icon } from "./icons.tsx";
import { actions } from "./Shortcuts.tsx";
import { attempt, call, me, place, queues, refreshLists } from "./state.ts";
import { Transcript } from "./Transcript.tsx";
import { named, words } from "./words.ts";

export function Conversation({ id }: { id: string }) {
  const w = words.value;
  const feed = useComputed(() => new Feed(call, id, { onEvent: noticeDecisions }));
  const problem = useSignal<number | null>(null);
  const decisions = useSignal<Decision[]>([]);
  const chosen = useSignal<number | null>(null);
  const isSideOpen = useSignal(false);
  const facts = feed.value.thread.value.conversation;

  useEffect(() => {
    const current = feed.value;
    void open(current);
    return () => current.stop();
  }, [id]);

  useEffect(() => {
    // only the person who answers makes a message "read" for the customer
    const holds = facts?.assignee?.id === me.value?.id;
    if (holds && document.visibilityState === "visible") feed.value.read();
  }, [feed.value.thread.value.messages]);

  async function open(current: Feed) {
    problem.value = null;
    try {
      await current.start();
      await loadDecisions();
    } catch (error) {
      problem.value = error instanceof Problem ? error.status : 0;
    }
  }

  async function loadDecisions() {
    const found = await call<Page<Decision>>("GET", `/v1/conversations/${id}/decisions`).catch(
      () => null,
    );
    if (found) decisions.value = found.items;
  }

  function noticeDecisions(event: { type: string }) {
    if (event.type === "message.created" || event.type.startsWith("handoff.")) void loadDecisions();
  }

  const act = {
    accept: () => run(async () => (facts ? take(facts) : undefined)),
    resolve: () => run(() => feed.value.post("/resolve")),
    reopen: () => run(() => feed.value.post("/reopen")),
    giveBack: () => run(() => handoffAction("return")),
    release: () => run(() => handoffAction("release")),
    transfer: (queue: string) => run(() => handoffAction("transfer", { queue })),
  };

  async function run(action: () => Promise<unknown>) {
    await attempt(action);
    await attempt(() => feed.value.refresh());
    void refreshLists();
  }

  /** Accept what waits; where the assistant still answers, ask for a person first: oneself. */
  async function take(conversation: Facts) {
    let handoffId = conversation.handoff?.id;
    if (!handoffId) {
      await feed.value.post<Handoff>("/handoff");
      await feed.value.refresh();
      handoffId = feed.value.thread.value.conversation?.handoff?.id;
    }
    if (handoffId) await call("POST", `/v1/handoffs/${handoffId}/accept`, {});
  }

  async function handoffAction(action: string, body: unknown = {}) {
    const handoffId = facts?.handoff?.id;
    if (handoffId) await call("POST", `/v1/handoffs/${handoffId}/${action}`, body);
  }

  useEffect(() => {
    actions.value = { accept: act.accept, resolve: act.resolve };
    return () => {
      actions.value = {};
    };
  });

  if (problem.value !== null)
    return (
      <div class="nothing">
        <p role="alert">
          {problem.value === 404 || problem.value === 403 ? w.notFound : w.loadFailed}
        </p>
        <button type="button" class="solid" onClick={() => void open(feed.value)}>
          {w.retry}
        </button>
      </div>
    );
  if (!facts) return <p class="nothing">{w.loading}</p>;
  const shown =
    decisions.value.find((d) => d.message_seq === chosen.value) ?? decisions.value.at(-1);
  return (
    <div class={`conversation ${isSideOpen.value ? "side-open" : ""}`}>
      <section class="talk" aria-label={facts.customer?.name ?? w.anonymous}>
        <Top
          facts={facts}
          feed={feed.value}
          act={act}
          onSide={() => {
            isSideOpen.value = !isSideOpen.value;
          }}
        />
        <Transcript
          feed={feed.value}
          decisions={decisions.value}
          chosen={shown?.message_seq ?? null}
          onChoose={(seq) => {
            chosen.value = seq;
            isSideOpen.value = true;
          }}
        />
        <Composer feed={feed.value} facts={facts} />
      </section>
      <aside
        class="side"
        aria-label={w.details}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
      >
        <button
          type="button"
          class="plain side-close"
          aria-label={w.closeDetails}
          onClick={() => {
            isSideOpen.value = false;
          }}
        >
          <Icon name="close" />
        </button>
        <CustomerPanel facts={facts} />
        <DecisionTrace decision={shown} isLatest={shown === decisions.value.at(-1)} />
      </aside>
    </div>
  );
}

type Act = {
  accept: () => Promise<void>;
  resolve: () => Promise<void>;
  reopen: () => Promise<void>;
  giveBack: () => Promise<void>;
  release: () => Promise<void>;
  transfer: (queue: string) => Promise<void>;
};

function Top({
  facts,
  feed,
  act,
  onSide,
}: {
  facts: Facts;
  feed: Feed;
  act: Act;
  onSide: () => void;
}) {
  const w = words.value;
  const isMine = facts.assignee?.id === me.value?.id && facts.status === "open";
  const isWaiting = facts.status === "open" && !facts.assignee;
  return (
    <header class="talk-top">
      <button
        type="button"
        class="plain back"
        aria-label={w[place.value.view]}
        onClick={() => go(`/console/${place.value.view}`)}
      >
        <Icon name="back" />
      </button>
      <div class="talk-who">
        <h1>{facts.customer?.name ?? w.anonymous}</h1>
        <p>
          {named(w.statuses, facts.status)}
          {facts.assignee ? ` · ${facts.assignee.name}` : ""} · <Link feed={feed} />
        </p>
      </div>
      <div class="talk-acts">
        {isWaiting ? (
          <button type="button" class="solid lit" onClick={() => void act.accept()}>
            {w.accept}
          </button>
        ) : null}
        {facts.status === "pending" ? (
          <button type="button" class="outline" onClick={() => void act.accept()}>
            {w.takeOver}
          </button>
        ) : null}
        {isMine ? (
          <>
            <button type="button" class="outline" onClick={() => void act.giveBack()}>
              {w.giveBack}
            </button>
            <button type="button" class="outline" onClick={() => void act.release()}>
              {w.release}
            </button>
          </>
        ) : null}
        {facts.handoff && facts.status === "open" ? (
          <Transfer facts={facts} onTransfer={act.transfer} />
        ) : null}
        {facts.status === "resolved" ? (
          <button type="button" class="outline" onClick={() => void act.reopen()}>
            {w.reopen}
          </button>
        ) : (
          <button type="button" class="outline" onClick={() => void act.resolve()}>
            {w.resolve}
          </button>
        )}
        <button type="button" class="plain side-toggle" aria-label={w.details} onClick={onSide}>
          <Icon name="side" />
        </button>
      </div>
    </header>
  );
}

function Link({ feed }: { feed: Feed }) {
  const state = feed.connection.value;
  return (
    <span class={`link-state ${state}`} role="status">
      {words.value[state]}
    </span>
  );
}

const FALLBACK_QUEUES = ["general", "accounts", "cards", "fraud"];

function Transfer({
  facts,
  onTransfer,
}: {
  facts: Facts;
  onTransfer: (queue: string) => Promise<void>;
}) {
  const w = words.value;
  const names = queues.value.length ? queues.value.map((queue) => queue.name) : FALLBACK_QUEUES;
  return (
    <select
      class="outline"
      aria-label={w.transferTo}
      value=""
      onChange={(event) => {
        const queue = event.currentTarget.value;
        event.currentTarget.value = "";
        if (queue) void onTransfer(queue);
      }}
    >
      <option value="">{fill("{word}…", { word: w.transfer })}</option>
      {names
        .filter((name) => name !== facts.handoff?.queue)
        .map((name) => (
          <option key={name} value={name}>
            {named(w.queueNames, name)}
          </option>
        ))}
    </select>
  );
}
