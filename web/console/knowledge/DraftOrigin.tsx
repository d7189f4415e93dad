// Where a draft from an agent's answer comes from, and what says nearly the same already.

import { signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { fill, percent } from "../../shared/format.ts";
import { locale } from "../../shared/i18n/locale.ts";
import type { DraftFromAnswer } from "../../shared/knowledge.ts";
import { call } from "../state.ts";
import { mayEdit } from "./acting.ts";
import { knowledgeWords } from "./words.ts";

/** Drafts that were made in this tab: only their making tells what is like them. */
export const madeHere = signal<Record<string, DraftFromAnswer>>({});

export function DraftOrigin({ id }: { id: string }) {
  const w = knowledgeWords.value;
  const conversation = useSignal<string | null>(null);
  const made = madeHere.value[id];

  useEffect(() => {
    if (made) conversation.value = made.source.conversation_id;
    else if (mayEdit.value)
      void call<{ conversation_id: string } | null>("GET", `/v1/knowledge/documents/${id}/source`)
        .then((source) => {
          conversation.value = source?.conversation_id ?? null;
        })
        .catch(() => {}); // most documents were written otherwise
  }, [id]);

  if (!conversation.value) return null;
  return (
    <div class="notice">
      <p>
        {w.fromConversation}{" "}
        <a href={`/console/conversations/${conversation.value}`}>{w.toConversation}</a>
      </p>
      {made?.removed.length ? (
        <p>{fill(w.removedParts, { parts: made.removed.join(", ") })}</p>
      ) : null}
      {made?.duplicates.length ? (
        <>
          <p>{w.duplicates}</p>
          <ul>
            {made.duplicates.map((one) => (
              <li key={one.document_id}>
                <a href={`/console/knowledge/documents/${one.document_id}`}>{one.title}</a>{" "}
                {one.similarity === null
                  ? fill(w.repeats, { value: percent(one.overlap, locale.value, 0) })
                  : fill(w.alike, { value: percent(one.similarity, locale.value, 0) })}
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </div>
  );
}
