// One conversation: live transcript, what an agent may do with it, and the reasons beside it.

import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import {
  type Decision,
  type Conversation as Facts,
  type Handoff,
  type Page,
  Problem,
} from "../shared/api.ts";
import { Feed } from "../shared/feed.ts";
import { Composer } from "./Composer.tsx";
import { type Act, ConversationTop } from "./ConversationTop.tsx";
import { CorrectIntent } from "./CorrectIntent.tsx";
import { CustomerPanel } from "./CustomerPanel.tsx";
import { DecisionTrace } from "./DecisionTrace.tsx";
import { Decisions } from "./decisions.ts";
import { Icon } from "./icons.tsx";
import { actions } from "./Shortcuts.tsx";
import { attempt, call, me, refreshLists } from "./state.ts";
import { Transcript } from "./Transcript.tsx";
import { words } from "./words.ts";

export function Conversation({ id }: { id: string }) {
  const w = words.value;
  const decisions = useMemo(() => new Decisions(() => loadDecisions(id)), [id]);
  const feed = useComputed(
    () => new Feed(call, id, { onEvent: (event) => decisions.notice(event) }),
  );
  const problem = useSignal<number | null>(null);
  const chosen = useSignal<number | null>(null);
  const isSideOpen = useSignal(false);
  const side = useRef<HTMLElement>(null);
  const facts = feed.value.thread.value.conversation;

  useEffect(() => {
    const current = feed.value;
    void open(current);
    return () => {
      current.stop();
      decisions.stop();
    };
  }, [id]);

  // whether the side is on the screen is the style sheet's decision; it may change with each of these
  const noticeSide = () => decisions.show(isOnScreen(side.current));
  useEffect(noticeSide);
  useEffect(() => {
    addEventListener("resize", noticeSide);
    document.addEventListener("visibilitychange", noticeSide);
    return () => {
      removeEventListener("resize", noticeSide);
      document.removeEventListener("visibilitychange", noticeSide);
    };
  }, []);

  useEffect(() => {
    // only the person who answers makes a message "read" for the customer
    const holds = facts?.assignee?.id === me.value?.id;
    if (holds && document.visibilityState === "visible") feed.value.read();
  }, [feed.value.thread.value.messages]);

  async function open(current: Feed) {
    problem.value = null;
    try {
      await current.start();
    } catch (error) {
      problem.value = error instanceof Problem ? error.status : 0;
    }
  }

  const act: Act = {
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
  const known = decisions.known.value;
  const shown = known.find((d) => d.message_seq === chosen.value) ?? known.at(-1);
  return (
    <div class={`conversation ${isSideOpen.value ? "side-open" : ""}`}>
      <section class="talk" aria-label={facts.customer?.name ?? w.anonymous}>
        <ConversationTop
          facts={facts}
          feed={feed.value}
          act={act}
          onSide={() => {
            isSideOpen.value = !isSideOpen.value;
          }}
        />
        <Transcript
          feed={feed.value}
          decisions={known}
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
        ref={side}
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
        <DecisionTrace decision={shown} isLatest={shown === known.at(-1)} />
        <CorrectIntent decision={shown} />
      </aside>
    </div>
  );
}

async function loadDecisions(id: string): Promise<Decision[]> {
  return (await call<Page<Decision>>("GET", `/v1/conversations/${id}/decisions`)).items;
}

function isOnScreen(element: HTMLElement | null): boolean {
  const isSeen = element?.checkVisibility({ visibilityProperty: true }) ?? false;
  return isSeen && document.visibilityState === "visible";
}
