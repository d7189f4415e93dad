// An article's draft from what an agent told a customer.

import type { Message } from "../../shared/api.ts";
import type { DraftFromAnswer } from "../../shared/knowledge.ts";
import { go } from "../../shared/router.ts";
import { call } from "../state.ts";
import { tryTo } from "./acting.ts";
import { madeHere } from "./DraftOrigin.tsx";

/** Ask for the draft and lead to it; one that was made before is the same. */
export async function makeArticle(message: Message): Promise<void> {
  const body = { conversation_id: message.conversation_id, message_id: message.id };
  const draft = await tryTo(() => call<DraftFromAnswer>("POST", "/v1/knowledge/drafts", body));
  if (!draft) return;
  madeHere.value = { ...madeHere.value, [draft.id]: draft };
  go(`/console/knowledge/documents/${draft.id}`);
}
