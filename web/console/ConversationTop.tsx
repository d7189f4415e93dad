// The head of a conversation: who it is, how it stands, and what an agent may do with it.

import type { Conversation as Facts } from "../shared/api.ts";
import type { Feed } from "../shared/feed.ts";
import { fill } from "../shared/format.ts";
import { go } from "../shared/router.ts";
import { Icon } from "./icons.tsx";
import { me, place, queues } from "./state.ts";
import { named, words } from "./words.ts";

const FALLBACK_QUEUES = ["general", "accounts", "cards", "fraud"];

export type Act = {
  accept: () => Promise<void>;
  resolve: () => Promise<void>;
  reopen: () => Promise<void>;
  giveBack: () => Promise<void>;
  release: () => Promise<void>;
  transfer: (queue: string) => Promise<void>;
};

export function ConversationTop({
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
