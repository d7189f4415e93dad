// The decisions behind a conversation, read no more often than somebody looks: each reading is audited. Knows no screen.

import { type Signal, signal } from "@preact/signals";
import type { Decision } from "../shared/api.ts";
import type { ConversationEvent } from "../shared/events.ts";

const SETTLE_MS = 400; // messages that come together are one reading

export class Decisions {
  readonly known: Signal<Decision[]> = signal([]);
  private isShown = false;
  private isStale = true;
  private isReading = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly load: () => Promise<Decision[]>,
    private readonly settleMs = SETTLE_MS,
  ) {}

  /** Whether anybody can see them now; what went by unseen is read when they look again. */
  show(isShown: boolean): void {
    if (isShown === this.isShown) return;
    this.isShown = isShown;
    if (isShown) void this.read();
  }

  /** Every turn that was decided ends with the assistant's words; nothing else brings a decision. */
  notice(event: ConversationEvent): void {
    if (event.type !== "message.created" || event.data.message.author !== "assistant") return;
    this.isStale = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.read(), this.settleMs);
  }

  stop(): void {
    this.isShown = false;
    clearTimeout(this.timer);
  }

  private async read(): Promise<void> {
    if (!this.isShown || !this.isStale || this.isReading) return;
    this.isReading = true;
    this.isStale = false;
    clearTimeout(this.timer);
    try {
      this.known.value = await this.load();
    } catch {
      this.isStale = true; // the next message or the next look tries again
      return;
    } finally {
      this.isReading = false;
    }
    void this.read(); // what came meanwhile
  }
}
