// Follow one conversation's events: by socket, by long poll where sockets do not pass, for ever.
// Delivers only; it never sends a message, so nothing it does can be repeated by a reconnect.

import { type Call, Problem } from "./api.ts";
import { backoff } from "./backoff.ts";
import type { ConversationEvent } from "./events.ts";

export type Connection = "connecting" | "live" | "polling" | "offline";

export interface Follower {
  after: () => number;
  onEvents: (events: ConversationEvent[], lastSeq: number | null) => void;
  onConnection: (connection: Connection) => void;
  onRefused: (problem: Problem) => void;
}

const SILENCE_MS = 45_000; // the service pings every 20 s
const PROOF_MS = 5_000; // a socket that opens and falls at once must not be tried without pause
const POLL_PAUSE_MS = 250;
const POLL_SECONDS = 25;
const SOCKET_AGAIN_MS = 30_000; // while polling, this often
const SOCKET_TRIES = 2;

export class EventStream {
  private readonly path: string;
  private readonly abort = new AbortController();
  private socket: WebSocket | null = null;
  private wake: () => void = () => {};
  private attempt = 0;

  constructor(
    private readonly call: Call,
    conversationId: string,
    private readonly follower: Follower,
  ) {
    this.path = `/v1/conversations/${conversationId}/events`;
  }

  start(): void {
    addEventListener("online", this.hurry);
    document.addEventListener("visibilitychange", this.hurry);
    void this.follow();
  }

  stop(): void {
    this.abort.abort();
    removeEventListener("online", this.hurry);
    document.removeEventListener("visibilitychange", this.hurry);
    this.socket?.close();
    this.wake();
  }

  /** Fetch what lies after the last known event, now; used when a gap shows. */
  async catchUp(): Promise<void> {
    for (let before = -1; before < this.follower.after(); ) {
      before = this.follower.after();
      await this.poll(0);
    }
  }

  private get isStopped(): boolean {
    return this.abort.signal.aborted;
  }

  private readonly hurry = (): void => {
    if (document.visibilityState === "visible") this.wake();
  };

  private async follow(): Promise<void> {
    let socketFailures = 0;
    let pollingSince = 0;
    while (!this.isStopped) {
      try {
        const isDue = Date.now() - pollingSince > SOCKET_AGAIN_MS;
        if (socketFailures < SOCKET_TRIES || isDue) {
          const worked = await this.listen();
          socketFailures = worked ? 0 : socketFailures + 1;
          if (socketFailures >= SOCKET_TRIES) {
            pollingSince = Date.now();
            continue;
          }
        } else {
          await this.poll(POLL_SECONDS);
          this.attempt = 0;
          this.follower.onConnection("polling");
          await this.pause(POLL_PAUSE_MS);
          continue;
        }
      } catch (error) {
        if (this.isStopped) return;
        if (isRefusal(error)) {
          this.follower.onConnection("offline");
          return this.follower.onRefused(error);
        }
      }
      if (this.isStopped) return;
      this.follower.onConnection(navigator.onLine ? "connecting" : "offline");
      if (this.attempt >= 2) this.follower.onConnection("offline");
      await this.pause(backoff(this.attempt++, Math.random()));
    }
  }

  private async poll(seconds: number): Promise<void> {
    const found = await this.call<{ events: ConversationEvent[]; last_seq: number }>(
      "GET",
      `${this.path}?after=${this.follower.after()}&wait=${seconds}`,
      undefined,
      { signal: this.abort.signal },
    );
    this.follower.onEvents(found.events, found.last_seq);
  }

  /** Resolves when the socket ends; true when it carried something or stood for a while. */
  private async listen(): Promise<boolean> {
    const { ticket } = await this.call<{ ticket: string }>("POST", `${this.path}/ticket`, {});
    if (this.isStopped) return false;
    const url = new URL(this.path, location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    url.search = new URLSearchParams({ after: String(this.follower.after()), ticket }).toString();
    return new Promise((resolve) => {
      const socket = new WebSocket(url);
      this.socket = socket;
      let isProven = false;
      let proof: ReturnType<typeof setTimeout> | undefined;
      let watchdog = setTimeout(() => socket.close(), SILENCE_MS);
      const prove = () => {
        isProven = true;
        this.attempt = 0;
      };
      socket.onopen = () => {
        proof = setTimeout(prove, PROOF_MS);
        this.follower.onConnection("live");
      };
      socket.onmessage = (frame) => {
        prove();
        clearTimeout(watchdog);
        watchdog = setTimeout(() => socket.close(), SILENCE_MS);
        const event = parse(frame.data);
        if (event && event.type !== "ping") this.follower.onEvents([event], null);
      };
      socket.onclose = () => {
        clearTimeout(watchdog);
        clearTimeout(proof);
        this.socket = null;
        resolve(isProven);
      };
    });
  }

  private pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function parse(frame: unknown): ConversationEvent | null {
  try {
    return JSON.parse(String(frame)) as ConversationEvent;
  } catch {
    return null;
  }
}

function isRefusal(error: unknown): error is Problem {
  return error instanceof Problem && [401, 403, 404].includes(error.status);
}
