// The pages of the knowledge base are loaded when somebody first asks for them.

import { signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Message } from "../shared/api.ts";
import { words } from "./words.ts";

type Pages = typeof import("./knowledge/Knowledge.tsx");

const pages = signal<Pages | null>(null);
const hasFailed = signal(false);

async function open(): Promise<Pages | null> {
  try {
    pages.value ??= await import("./knowledge/Knowledge.tsx");
    hasFailed.value = false;
  } catch {
    hasFailed.value = true; // the network was away; the next try may succeed
  }
  return pages.value;
}

export function KnowledgeDoor() {
  const w = words.value;
  useEffect(() => {
    void open();
  }, []);

  if (pages.value) return <pages.value.Knowledge />;
  if (!hasFailed.value) return <p class="nothing">{w.loading}</p>;
  return (
    <div class="nothing">
      <p role="alert">{w.loadFailed}</p>
      <button type="button" class="solid" onClick={() => location.reload()}>
        {w.retry}
      </button>
    </div>
  );
}

/** On an agent's answer: make an article of it. The draft names what says nearly the same already. */
export function MakeArticle({ message }: { message: Message }) {
  const isBusy = useSignal(false);

  async function make() {
    isBusy.value = true;
    await (await open())?.makeArticle(message);
    isBusy.value = false;
  }

  return (
    <button type="button" class="link" disabled={isBusy.value} onClick={() => void make()}>
      {words.value.makeArticle}
    </button>
  );
}
