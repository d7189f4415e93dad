// Reply or note. The two look different, say different things, and are sent by different words.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { type Conversation, recall, remember } from "../shared/api.ts";
import type { Feed } from "../shared/feed.ts";
import { fill } from "../shared/format.ts";
import { isSendKey } from "../shared/keys.ts";
import { composerMode } from "./Shortcuts.tsx";
import { me } from "./state.ts";
import { words } from "./words.ts";

export function Composer({ feed, facts }: { feed: Feed; facts: Conversation }) {
  const w = words.value;
  const key = `switchboard:draft:${facts.id}`;
  const text = useSignal(recall(key) ?? "");
  const box = useRef<HTMLTextAreaElement>(null);
  const isNote = composerMode.value.mode === "note";
  const blocked = isNote ? null : whyNoReply(facts);

  useEffect(() => {
    if (composerMode.value.focus) box.current?.focus();
  }, [composerMode.value]);

  function write(value: string) {
    text.value = value;
    remember(key, value || null);
  }

  async function submit(event?: Event) {
    event?.preventDefault();
    const said = text.value.trim();
    if (!said || blocked) return;
    write("");
    if (!isNote) feed.typing(false);
    await feed.send(said, isNote ? "note" : "text");
  }

  return (
    <form class={`composer ${isNote ? "note" : "reply"}`} onSubmit={(event) => void submit(event)}>
      <div class="modes" role="group" aria-label={`${w.reply} / ${w.noteMode}`}>
        <button type="button" aria-pressed={!isNote} onClick={() => choose("reply")}>
          {w.reply}
        </button>
        <button type="button" aria-pressed={isNote} onClick={() => choose("note")}>
          {w.noteMode}
        </button>
      </div>
      {blocked ? <p class="blocked">{blocked}</p> : null}
      <textarea
        ref={box}
        rows={3}
        value={text.value}
        disabled={blocked !== null}
        placeholder={isNote ? w.notePlaceholder : w.replyPlaceholder}
        aria-label={isNote ? w.notePlaceholder : w.replyPlaceholder}
        onInput={(event) => {
          write(event.currentTarget.value);
          if (!isNote) feed.typing(text.value !== "");
        }}
        onKeyDown={(event) => {
          if (isSendKey(event)) void submit(event);
        }}
      />
      <div class="composer-foot">
        <button type="submit" class="solid" disabled={!text.value.trim() || blocked !== null}>
          {isNote ? w.saveNote : w.send}
        </button>
      </div>
    </form>
  );
}

function choose(mode: "reply" | "note") {
  composerMode.value = { mode, focus: true };
}

/** Only the person who holds the conversation answers in it. */
function whyNoReply(facts: Conversation): string | null {
  const w = words.value;
  if (facts.status === "resolved") return w.isResolved;
  if (facts.status === "pending") return w.assistantHolds;
  if (!facts.assignee) return w.acceptFirst;
  return facts.assignee.id === me.value?.id ? null : fill(w.heldBy, { name: facts.assignee.name });
}
