// The conversation as it runs, with the route of each customer message one click away.

import { useLayoutEffect, useRef } from "preact/hooks";
import type { Decision, Message } from "../shared/api.ts";
import type { Feed } from "../shared/feed.ts";
import { dayAndClock, exactTime, fill, percent } from "../shared/format.ts";
import { locale } from "../shared/i18n/locale.ts";
import { Markdown } from "../shared/markdown.tsx";
import { MakeArticle } from "./KnowledgeDoor.tsx";
import { intentName } from "./state.ts";
import { named, words } from "./words.ts";

interface Props {
  feed: Feed;
  decisions: Decision[];
  chosen: number | null;
  onChoose: (seq: number) => void;
}

export function Transcript({ feed, decisions, chosen, onChoose }: Props) {
  const w = words.value;
  const { messages, outgoing, draft, typing, isWorking, readUpTo, conversation } =
    feed.thread.value;
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const lastRead = messages
    .filter((m) => m.author === "agent" && m.kind === "text" && m.seq <= readUpTo.customer)
    .at(-1);

  useLayoutEffect(() => {
    const el = box.current;
    if (el && isAtEnd.current) el.scrollTop = el.scrollHeight;
  });

  return (
    <div
      class="log"
      role="log"
      aria-live="polite"
      aria-label={w.messages}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      ref={box}
      onScroll={(event) => {
        const el = event.currentTarget;
        isAtEnd.current = el.scrollHeight - el.scrollTop - el.clientHeight < 60;
      }}
    >
      {messages.map((message) => (
        <Entry
          key={message.id}
          message={message}
          decision={decisions.find((d) => d.message_seq === message.seq)}
          isChosen={chosen === message.seq}
          isRead={lastRead?.id === message.id}
          onChoose={onChoose}
        />
      ))}
      {outgoing.map((out) => (
        <article key={out.client_message_id} class={`entry agent ${out.kind} ${out.state}`}>
          <div class="bubble">
            <p class="pre">{out.text}</p>
          </div>
          <p class="meta">
            {out.state === "sending" ? (
              w.sending
            ) : (
              <>
                <span role="alert">{w.notSent}</span>{" "}
                <button
                  type="button"
                  class="link"
                  onClick={() => void feed.retry(out.client_message_id)}
                >
                  {w.retry}
                </button>
                <button
                  type="button"
                  class="link"
                  onClick={() => feed.discard(out.client_message_id)}
                >
                  {w.discard}
                </button>
              </>
            )}
          </p>
        </article>
      ))}
      {draft ? (
        <article class="entry assistant" aria-hidden="true">
          <div class="bubble">
            <Markdown text={draft.text} />
          </div>
        </article>
      ) : null}
      {typing === "customer" ? (
        <p class="hint">{fill(w.typing, { name: conversation?.customer?.name ?? w.customer })}</p>
      ) : isWorking ? (
        <p class="hint">{w.working}</p>
      ) : null}
    </div>
  );
}

interface EntryProps {
  message: Message;
  decision: Decision | undefined;
  isChosen: boolean;
  isRead: boolean;
  onChoose: (seq: number) => void;
}

function Entry({ message, decision, isChosen, isRead, onChoose }: EntryProps) {
  const w = words.value;
  if (message.kind === "activity" || message.author === "system")
    return (
      <p class="activity">
        {message.text}{" "}
        <time dateTime={message.created_at}>{dayAndClock(message.created_at, locale.value)}</time>
      </p>
    );
  const isNote = message.kind === "note";
  const voice =
    message.author_name ??
    named({ customer: w.customer, assistant: w.assistant, agent: w.agent }, message.author);
  return (
    <article class={`entry ${message.author} ${message.kind}`}>
      <h2 class="meta">
        <b>{voice}</b>
        {isNote ? <span class="tag">{w.note}</span> : null}
        {message.generated ? <span class="tag">{w.generated}</span> : null}
        <time dateTime={message.created_at} title={exactTime(message.created_at, locale.value)}>
          {dayAndClock(message.created_at, locale.value)}
        </time>
      </h2>
      <div
        class="bubble"
        lang={message.language === "zh" ? "zh-CN" : (message.language ?? undefined)}
      >
        {message.author === "assistant" ? (
          <Markdown text={message.text} />
        ) : (
          <p class="pre">{message.text}</p>
        )}
        {(message.cards ?? []).map((card, i) => (
          <dl key={i} class="card">
            {card.rows.map((row, n) => (
              <div key={n}>
                <dt>{row.label}</dt>
                <dd>{row.value}</dd>
              </div>
            ))}
          </dl>
        ))}
      </div>
      {message.citations?.length ? (
        <p class="meta">
          {w.sources}: {message.citations.map((c) => `${c.title} (v${c.version})`).join(", ")}
        </p>
      ) : null}
      {isRead ? <p class="meta">{w.readByCustomer}</p> : null}
      {message.author === "agent" && !isNote ? (
        <p class="meta">
          <MakeArticle message={message} />
        </p>
      ) : null}
      {decision ? (
        <button
          type="button"
          class={`route ${decision.route}`}
          aria-pressed={isChosen}
          onClick={() => onChoose(message.seq)}
        >
          <span class="unseen">{fill(w.showMessage, { n: message.seq })}: </span>
          <i aria-hidden="true" />
          {named(w.routes, decision.route)} · {intentName(decision.intent)}{" "}
          {percent(decision.confidence, locale.value, 0)}
        </button>
      ) : null}
    </article>
  );
}
