// What a screen reader hears: once that a reply is coming, then the finished text. Never single tokens.

import { useEffect, useRef, useState } from "preact/hooks";
import { isAssistantBusy, thread } from "./store.ts";
import { words } from "./words.ts";

export function Announcer() {
  const [said, setSaid] = useState("");
  const spokenUpTo = useRef<number | null>(null);
  const messages = thread.value.messages;
  const isBusy = isAssistantBusy.value;

  useEffect(() => {
    if (isBusy) setSaid(words.value.replying);
  }, [isBusy]);

  useEffect(() => {
    const last = messages.at(-1)?.seq ?? 0;
    // history that was there before is not news
    if (spokenUpTo.current === null || last < spokenUpTo.current) {
      if (messages.length) spokenUpTo.current = last;
      if (messages.length !== 1) return;
    }
    const from = spokenUpTo.current ?? 0;
    spokenUpTo.current = last;
    const news = messages.filter((m) => m.seq > from && m.author !== "customer");
    if (news.length) setSaid(news.map((m) => `${m.author_name ?? ""} ${m.text}`.trim()).join("\n"));
  }, [messages]);

  return (
    <div class="unseen" role="status" aria-live="polite">
      {said}
    </div>
  );
}
