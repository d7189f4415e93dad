// Every version of a document; any two of them compared; one that was read may come back.

import { useSignal } from "@preact/signals";
import { dateAndClock, fill } from "../../shared/format.ts";
import { locale } from "../../shared/i18n/locale.ts";
import type { Version } from "../../shared/knowledge.ts";
import { call, now } from "../state.ts";
import { named } from "../words.ts";
import { mayWrite, personName, tell, tryTo } from "./acting.ts";
import { mayComeBack } from "./article.ts";
import { Comparison } from "./Comparison.tsx";
import { Confirm } from "./Confirm.tsx";
import type { Known } from "./DocumentPage.tsx";
import { knowledgeWords } from "./words.ts";

export function Versions({ known, onDone }: { known: Known; onDone: () => Promise<void> }) {
  const w = knowledgeWords.value;
  const asked = useSignal<number | null>(null);
  const { document, versions, publications } = known;

  async function goBack(version: number) {
    asked.value = null;
    const path = `/v1/knowledge/documents/${document.id}/rollback`;
    const done = await tryTo(() => call<unknown>("POST", path, { version }));
    await onDone();
    if (done) tell(w.done.rollback ?? "");
  }

  return (
    <section aria-labelledby="versions-title">
      <h3 id="versions-title">{w.versions}</h3>
      <ul class="versions">
        {versions.map((one) => (
          <li key={one.version}>
            <strong>{fill(w.versionN, { n: one.version })}</strong>
            <span class={`mark ${one.status}`}>{named(w.statuses, one.status)}</span>
            <span class="fine">
              {dateAndClock(one.created_at, locale.value)}
              {" · "}
              {fill(w.writtenBy, { name: personName(one.author) })}
            </span>
            {mayWrite.value && mayComeBack(one, publications, now.peek()) ? (
              <button
                type="button"
                class="link"
                aria-label={`${w.rollback} ${fill(w.versionN, { n: one.version })}`}
                onClick={() => {
                  asked.value = one.version;
                }}
              >
                {w.rollback}
              </button>
            ) : null}
            <Rejected one={one} />
          </li>
        ))}
      </ul>
      {versions.length > 1 ? <Comparison known={known} /> : null}
      <Confirm
        act={asked.value === null ? null : "rollback"}
        version={asked.value ?? 0}
        meaning={w.meanings.rollback ?? ""}
        pending={null}
        onYes={() => asked.value !== null && void goBack(asked.value)}
        onNo={() => {
          asked.value = null;
        }}
      />
    </section>
  );
}

function Rejected({ one }: { one: Version }) {
  const w = knowledgeWords.value;
  if (!one.rejection) return null;
  return (
    <span class="notice">
      {fill(w.rejected, {
        name: personName({ kind: "staff", id: one.rejection.by_id }),
        time: dateAndClock(one.rejection.at, locale.value),
        reason: one.rejection.reason,
      })}
    </span>
  );
}
