// A conversation kept true: history, events, gaps and sends, as one signal. Knows no screen.

import { type Signal, signal } from "@preact/signals";
import type { Call, Conversation, Message, Page, Problem } from "./api.ts";
import { isPassing } from "./api.ts";
import { backoff } from "./backoff.ts";
import * as events from "./events.ts";
import { type Connection, EventStream } from "./stream.ts";

const PAGE = 200;
const TYPING_EXPIRES_MS = 6_000;
const TYPING_EVERY_MS = 3_000;
const SEND_TRIES = 3;

export interface FeedOptions {
  onRefused?: (problem: Problem) => void;
  onEvent?: (event: events.ConversationEvent) => void;
}

export class Feed {
  readonly thread: Signal<events.Thread> = signal(events.emptyThread());
  readonly connection: Signal<Connection> = signal("connecting");
  private stream: EventStream | null = null;
  private catchingUp: Promise<void> | null = null;
  private ahead: events.ConversationEvent[] = [];
  private typingTimer: ReturnType<typeof setTimeout> | undefined;
  private typedAt = 0;
  private readPosted = 0;

  constructor(
    private readonly call: Call,
    readonly id: string,
    private readonly options: FeedOptions = {},
  ) {}

  /** Load what is there, then follow. The position is read first, so nothing falls between. */
  async start(): Promise<void> {
    const conversation = await this.call<Conversation>("GET", this.path(""));
    let thread = events.withConversation(events.emptyThread(), conversation);
    thread = { ...thread, lastEventSeq: conversation.last_event_seq };
    thread = events.addMessages(thread, await this.history());
    this.thread.value = { ...thread, outgoing: this.thread.value.outgoing };
    this.stream = new EventStream(this.call, this.id, {
      after: () => this.thread.value.lastEventSeq,
      onEvents: (found, lastSeq) => this.take(found, lastSeq),
      onConnection: (state) => this.setConnection(state),
      onRefused: (problem) => this.options.onRefused?.(problem),
    });
    this.stream.start();
  }

  stop(): void {
    this.stream?.stop();
    this.stream = null;
    clearTimeout(this.typingTimer);
  }

  async refresh(): Promise<void> {
    const conversation = await this.call<Conversation>("GET", this.path(""));
    this.thread.value = events.withConversation(this.thread.value, conversation);
  }

  /** Show at once, send by POST, try again while trying can help. */
  async send(text: string, kind: "text" | "note" = "text"): Promise<boolean> {
    const out: events.Outgoing = {
      client_message_id: crypto.randomUUID(),
      text,
      kind,
      created_at: new Date().toISOString(),
      state: "sending",
    };
    return this.deliver(out);
  }

  async retry(clientMessageId: string): Promise<boolean> {
    const out = this.thread.value.outgoing.find((o) => o.client_message_id === clientMessageId);
    return out ? this.deliver({ ...out, state: "sending" }) : false;
  }

  discard(clientMessageId: string): void {
    this.thread.value = events.dropOutgoing(this.thread.value, clientMessageId);
  }

  /** Tell the other side; at most every three seconds, and never worth an error. */
  typing(isTyping: boolean): void {
    const now = Date.now();
    if (isTyping && now - this.typedAt < TYPING_EVERY_MS) return;
    if (!isTyping && this.typedAt === 0) return;
    this.typedAt = isTyping ? now : 0;
    this.call("POST", this.path("/typing"), { is_typing: isTyping }).catch(() => {});
  }

  /** Everything shown so far has been seen. */
  read(): void {
    const last = this.thread.value.messages.at(-1)?.seq ?? 0;
    if (last <= this.readPosted) return;
    this.readPosted = last;
    this.call("POST", this.path("/read"), { up_to: last }).catch(() => {
      this.readPosted = 0;
    });
  }

  post<T>(action: string, body: unknown = {}): Promise<T> {
    return this.call<T>("POST", this.path(action), body);
  }

  put<T>(action: string, body: unknown): Promise<T> {
    return this.call<T>("PUT", this.path(action), body);
  }

  private path(action: string): string {
    return `/v1/conversations/${this.id}${action}`;
  }

  private async history(): Promise<Message[]> {
    const all: Message[] = [];
    for (;;) {
      const after = all.at(-1)?.seq ?? 0;
      const page = await this.call<Page<Message>>(
        "GET",
        this.path(`/messages?after=${after}&limit=${PAGE}`),
      );
      all.push(...page.items);
      if (page.items.length < PAGE) return all;
    }
  }

  private async deliver(out: events.Outgoing): Promise<boolean> {
    this.thread.value = events.addOutgoing(this.thread.value, out);
    const body: Record<string, unknown> = {
      text: out.text,
      client_message_id: out.client_message_id,
    };
    if (out.kind === "note") body.kind = "note";
    for (let attempt = 0; ; attempt++) {
      try {
        const { message } = await this.post<{ message: Message }>("/messages", body);
        const rest = events.dropOutgoing(this.thread.value, out.client_message_id);
        this.thread.value = events.addMessage(rest, message);
        return true;
      } catch (error) {
        if (isPassing(error) && attempt < SEND_TRIES - 1) {
          await new Promise((resolve) => setTimeout(resolve, backoff(attempt, Math.random())));
          continue;
        }
        this.thread.value = events.addOutgoing(this.thread.value, { ...out, state: "failed" });
        return false;
      }
    }
  }

  private setConnection(state: Connection): void {
    if (state !== "live" && this.connection.value === "live")
      this.thread.value = events.withoutDraft(this.thread.value);
    this.connection.value = state;
  }

  private take(found: events.ConversationEvent[], lastSeq: number | null): void {
    for (const event of found) {
      // a fetched page is complete by promise; only the socket can skip
      if (lastSeq === null && events.place(this.thread.value, event) === "gap") {
        this.ahead.push(event);
        this.closeGap();
        continue;
      }
      if (events.place(this.thread.value, event) === "seen") continue;
      this.thread.value = applyOrSkip(this.thread.value, event);
      this.noticeTyping(event);
      if (event.type.startsWith("handoff.") || event.type === "conversation.updated")
        this.refresh().catch(() => {});
      this.options.onEvent?.(event);
    }
    // some events are not for everyone: the page says how far it reaches
    if (lastSeq !== null && lastSeq > this.thread.value.lastEventSeq)
      this.thread.value = { ...this.thread.value, lastEventSeq: lastSeq };
  }

  /** Fetch what is missing; what arrived meanwhile waits its turn. */
  private closeGap(): void {
    this.catchingUp ??= (this.stream?.catchUp() ?? Promise.resolve())
      .catch(() => {})
      .finally(() => {
        this.catchingUp = null;
        const late = this.ahead;
        this.ahead = [];
        // only what still lies ahead and fits; the next event shows any gap that remains
        for (const event of late)
          if (events.place(this.thread.value, event) === "applied") this.take([event], null);
      });
  }

  private noticeTyping(event: events.ConversationEvent): void {
    if (event.type !== "typing") return;
    clearTimeout(this.typingTimer);
    if (!event.data.is_typing) return;
    this.typingTimer = setTimeout(() => {
      this.thread.value = { ...this.thread.value, typing: null };
    }, TYPING_EXPIRES_MS);
  }
}

/** An event we cannot read must not stop those behind it. */
function applyOrSkip(thread: events.Thread, event: events.ConversationEvent): events.Thread {
  try {
    return events.apply(thread, event);
  } catch (error) {
    console.error("event skipped", event.type, event.seq, error);
    return { ...thread, lastEventSeq: event.seq ?? thread.lastEventSeq };
  }
}
