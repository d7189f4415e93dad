// On an agent's answer: make an article of it. The draft names what says nearly the same already.

import { useSignal } from "@preact/signals";
import type { Message } from "../../shared/api.ts";
import type { DraftFromAnswer } from "../../shared/knowledge.ts";
import { go } from "../../shared/router.ts";
import { call } from "../state.ts";
import { tryTo } from "./acting.ts";
import { madeHere } from "./DraftOrigin.tsx";
import { knowledgeWords } from "./words.ts";

export function MakeArticle({ message }: { message: Message }) {
  const w = knowledgeWords.value;
  const isBusy = useSignal(false);

  async function make() {
    isBusy.value = true;
    const body = { conversation_id: message.conversation_id, message_id: message.id };
    const draft = await tryTo(() => call<DraftFromAnswer>("POST", "/v1/knowledge/drafts", body));
    isBusy.value = false;
    if (!draft) return;
    madeHere.value = { ...madeHere.value, [draft.id]: draft };
    go(`/console/knowledge/documents/${draft.id}`);
  }

  return (
    <button type="button" class="link" disabled={isBusy.value} onClick={() => void make()}>
      {w.makeArticle}
    </button>
  );
}
