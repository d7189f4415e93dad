// The transcript: grouped bubbles, streamed words, what is on its way. Announcing is Announcer's work.

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Message } from "../shared/api.ts";
import type { Outgoing } from "../shared/events.ts";
import { clock, fill } from "../shared/format.ts";
import { locale } from "../shared/i18n/locale.ts";
import { Markdown } from "../shared/markdown.tsx";
import { send } from "./actions.ts";
import { Cards, Citations, Generated } from "./Extras.tsx";
import {
  conversation,
  feed,
  isAssistantBusy,
  isStarting,
  pendingCode,
  session,
  thread,
} from "./store.ts";
import { Thumbs } from "./Thumbs.tsx";
import { words } from "./words.ts";

export function MessageList({ children }: { children: ComponentChildren }) {
  const w = words.value;
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const { messages, outgoing, draft } = thread.value;
  const shown = messages.filter((message) => message.kind !== "note");

  // follow the end, unless the customer has scrolled up to read; grow to the end once more
  useLayoutEffect(() => {
    const el = box.current;
    if (el && isAtEnd.current) el.scrollTop = el.scrollHeight;
  });

  return (
    <div
      class="log"
      role="log"
      aria-live="off"
      aria-label={w.messages}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      ref={box}
      onScroll={(event) => {
        const el = event.currentTarget;
        isAtEnd.current = el.scrollHeight - el.scrollTop - el.clientHeight < 60;
      }}
    >
      {feed.value || isStarting.value ? null : <Welcome />}
      {shown.map((message, i) => (
        <Entry
          key={message.id}
          message={message}
          isFollowing={isSameVoice(shown[i - 1], message)}
        />
      ))}
      {outgoing.map((out) => (
        <OnItsWay key={out.client_message_id} out={out} />
      ))}
      {draft ? (
        <article class="entry theirs">
          <div class="bubble">
            <Markdown text={draft.text} />
            <span class="cursor" aria-hidden="true" />
          </div>
        </article>
      ) : null}
      <Typing />
      {children}
      <QuickReplies message={shown.at(-1)} />
    </div>
  );
}

function isSameVoice(before: Message | undefined, message: Message): boolean {
  return (
    before?.author === message.author &&
    before.kind === message.kind &&
    before.author_name === message.author_name
  );
}

function Welcome() {
  const w = words.value;
  const name = session.value?.customer?.name;
  return (
    <section class="welcome">
      <p class="hello">{name ? fill(w.welcomeNamed, { name }) : w.welcome}</p>
      <p>{w.welcomeMore}</p>
      <ul class="chips" aria-label={w.quickReplies}>
        {w.suggestions.map((text) => (
          <li key={text}>
            <button type="button" onClick={() => void send(text)}>
              {text}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Entry({ message, isFollowing }: { message: Message; isFollowing: boolean }) {
  const w = words.value;
  if (message.kind === "activity" || message.author === "system")
    return <p class="activity">{message.text}</p>;
  const isMine = message.author === "customer";
  const voice = isMine
    ? w.you
    : (message.author_name ?? (message.author === "agent" ? w.agent : w.assistant));
  const language = message.language === "zh" ? "zh-CN" : (message.language ?? undefined);
  return (
    <article
      class={`entry ${isMine ? "mine" : "theirs"} ${message.author} ${isFollowing ? "next" : ""}`}
    >
      <h2 class={isMine || isFollowing ? "unseen" : "voice"}>{voice}</h2>
      <div class="bubble" lang={language}>
        {isMine ? <p class="plain">{message.text}</p> : <Markdown text={message.text} />}
        <Cards cards={message.cards ?? []} />
      </div>
      {message.generated ? <Generated /> : null}
      <Citations citations={message.citations ?? []} />
      <Thumbs message={message} />
      <p class="time">
        <time dateTime={message.created_at}>{clock(message.created_at, locale.value)}</time>
        {isMine ? receipt(message) : null}
      </p>
    </article>
  );
}

function receipt(message: Message): string {
  const w = words.value;
  const mine = thread.value.messages.filter((m) => m.author === "customer");
  if (mine.at(-1)?.id !== message.id) return "";
  return ` · ${thread.value.readUpTo.staff >= message.seq ? w.read : w.sent}`;
}

function OnItsWay({ out }: { out: Outgoing }) {
  const w = words.value;
  const isFailed = out.state === "failed";
  return (
    <article class={`entry mine ${isFailed ? "failed" : "sending"}`}>
      <h2 class="unseen">{w.you}</h2>
      <div class="bubble">
        <p class="plain">{out.text}</p>
      </div>
      {isFailed ? (
        <p class="time" role="alert">
          {w.failed}{" "}
          <button
            type="button"
            class="link"
            onClick={() => void feed.value?.retry(out.client_message_id)}
          >
            {w.retry}
          </button>{" "}
          <button
            type="button"
            class="link"
            onClick={() => feed.value?.discard(out.client_message_id)}
          >
            {w.discard}
          </button>
        </p>
      ) : (
        <p class="time">{w.sending}</p>
      )}
    </article>
  );
}

function Typing() {
  const w = words.value;
  const { typing, draft } = thread.value;
  const isPerson = typing === "agent";
  if (draft || (!isPerson && !isAssistantBusy.value)) return null;
  const label = isPerson
    ? fill(w.typing, { name: conversation.value?.assignee?.name ?? w.agent })
    : w.replying;
  return (
    <p class="typing">
      <span class="dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <span class={isPerson ? "" : "unseen"}>{label}</span>
    </p>
  );
}

function QuickReplies({ message }: { message: Message | undefined }) {
  const replies = message?.author === "assistant" ? (message.quick_replies ?? []) : [];
  const isOver = conversation.value?.status === "resolved" || thread.value.outgoing.length > 0;
  if (!replies.length || isOver || pendingCode.value) return null;
  return (
    <ul class="chips" aria-label={words.value.quickReplies}>
      {replies.map((text) => (
        <li key={text}>
          <button type="button" onClick={() => void send(text)}>
            {text}
          </button>
        </li>
      ))}
    </ul>
  );
}
