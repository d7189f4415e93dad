// The list of a view: who waits, what I hold, or every conversation.

import type { Conversation, Handoff } from "../shared/api.ts";
import { dayAndClock, duration, fill, secondsSince } from "../shared/format.ts";
import { locale } from "../shared/i18n/locale.ts";
import {
  all,
  intentName,
  loadAll,
  mine,
  now,
  place,
  queues,
  statusFilter,
  waiting,
} from "./state.ts";
import { named, reasonShort, words } from "./words.ts";

const WARM_SECONDS = 120;
const HOT_SECONDS = 300;

export function List() {
  const { view, id } = place.value;
  const w = words.value;
  // the page has one first heading: the open conversation's, or this one
  const Heading = id ? "h2" : "h1";
  const title = view === "queue" ? w.queue : view === "mine" ? w.mine : w.all;
  return (
    <section class="list" aria-labelledby="list-title">
      <Heading id="list-title">{title}</Heading>
      {view === "queue" ? <Queues /> : null}
      {view === "all" ? <StatusFilter /> : null}
      {view === "queue" ? (
        <Handoffs items={waiting.value} empty={w.emptyQueue} more={w.emptyQueueMore} />
      ) : null}
      {view === "mine" ? <Handoffs items={mine.value} empty={w.emptyMine} /> : null}
      {view === "all" ? <Conversations items={all.value} /> : null}
    </section>
  );
}

function Queues() {
  const w = words.value;
  const busy = queues.value.filter((queue) => queue.waiting > 0);
  if (!busy.length) return null;
  return (
    <ul class="queues">
      {busy.map((queue) => (
        <li key={queue.name}>
          {named(w.queueNames, queue.name)} <b>{queue.waiting}</b>
        </li>
      ))}
    </ul>
  );
}

function StatusFilter() {
  const w = words.value;
  return (
    <div class="filter" role="group" aria-label={w.status}>
      {["all", "pending", "open", "resolved"].map((status) => (
        <button
          key={status}
          type="button"
          aria-pressed={statusFilter.value === status}
          onClick={() => {
            statusFilter.value = status;
            void loadAll();
          }}
        >
          {w.statuses[status]}
        </button>
      ))}
    </div>
  );
}

function Handoffs({
  items,
  empty,
  more,
}: {
  items: Handoff[] | null;
  empty: string;
  more?: string;
}) {
  if (!items) return <p class="empty">{words.value.loading}</p>;
  if (!items.length)
    return (
      <p class="empty">
        {empty}
        <br />
        {more}
      </p>
    );
  return (
    <ol class="items">
      {items.map((handoff) => (
        <li key={handoff.id}>
          <HandoffItem handoff={handoff} />
        </li>
      ))}
    </ol>
  );
}

function HandoffItem({ handoff }: { handoff: Handoff }) {
  const w = words.value;
  const { view, id } = place.value;
  const seconds = secondsSince(handoff.requested_at, now.value);
  const isWaiting = handoff.status === "waiting";
  const heat = !isWaiting
    ? "calm"
    : seconds > HOT_SECONDS
      ? "hot"
      : seconds > WARM_SECONDS
        ? "warm"
        : "fresh";
  const isUrgent = handoff.priority === "urgent" || handoff.priority === "high";
  return (
    <a
      class={`item ${heat}`}
      href={`/console/${view}/${handoff.conversation_id}`}
      aria-current={id === handoff.conversation_id ? "true" : undefined}
    >
      <i class="lamp" aria-hidden="true" />
      <span class="item-head">
        <strong>{handoff.customer_name ?? w.anonymous}</strong>
        {isUrgent ? (
          <em class={handoff.priority}>{named(w.priorities, handoff.priority)}</em>
        ) : null}
        <span class="tongue" title={named(w.languages, handoff.language)}>
          {handoff.language === "zh" ? "中" : "EN"}
        </span>
      </span>
      <span class="item-what">
        {handoff.intent ? intentName(handoff.intent) : reasonShort(handoff.reason)}
      </span>
      <span class="item-foot">
        <span class="cut">
          {named(w.queueNames, handoff.queue)}
          {handoff.intent ? ` · ${reasonShort(handoff.reason)}` : ""}
        </span>
        <time dateTime={handoff.requested_at}>
          {isWaiting
            ? fill(w.waiting, { time: duration(seconds, locale.value) })
            : duration(seconds, locale.value)}
        </time>
      </span>
    </a>
  );
}

function Conversations({ items }: { items: Conversation[] | null }) {
  const w = words.value;
  if (!items) return <p class="empty">{w.loading}</p>;
  if (!items.length) return <p class="empty">{w.emptyAll}</p>;
  return (
    <ol class="items">
      {items.map((one) => (
        <li key={one.id}>
          <a
            class={`item any ${one.status}`}
            href={`/console/all/${one.id}`}
            aria-current={place.value.id === one.id ? "true" : undefined}
          >
            <i class="lamp" aria-hidden="true" />
            <span class="item-head">
              <strong>{one.customer?.name ?? w.anonymous}</strong>
              <span class="tongue" title={named(w.languages, one.locale)}>
                {one.locale === "zh" ? "中" : "EN"}
              </span>
            </span>
            <span class="item-foot">
              {named(w.statuses, one.status)}
              {one.assignee ? ` · ${one.assignee.name}` : ""}
              <time dateTime={one.created_at}>{dayAndClock(one.created_at, locale.value)}</time>
            </span>
          </a>
        </li>
      ))}
    </ol>
  );
}
