// One import: how far it is, what became of each document, and why one failed.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { dateAndClock, fill } from "../../shared/format.ts";
import { locale } from "../../shared/i18n/locale.ts";
import type { Import, ImportItem } from "../../shared/knowledge.ts";
import { call } from "../state.ts";
import { named, words } from "../words.ts";
import { people, tryTo } from "./acting.ts";
import { counts } from "./Imports.tsx";
import { knowledgeWords } from "./words.ts";

const EVERY_MS = 1_500;
const ORDER = ["failed", "waiting", "created", "updated", "unchanged"];

export function ImportPage({ id }: { id: string }) {
  const w = knowledgeWords.value;
  const found = useSignal<Import | null>(null);

  async function load() {
    const read = await tryTo(() => call<Import>("GET", `/v1/knowledge/imports/${id}`));
    if (read) found.value = read;
  }

  useEffect(() => {
    void load();
    const timer = setInterval(() => {
      const isRunning = found.value?.status === "running";
      if (isRunning && document.visibilityState === "visible") void load();
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, []);

  const one = found.value;
  if (!one) return <p class="empty">{words.value.loading}</p>;
  const items = [...one.items].sort((a, b) => ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome));
  return (
    <article class="import">
      <p class="fine">
        <a href="/console/knowledge/imports">← {w.allImports}</a>
      </p>
      <h2>
        {named(w.importOf, one.kind)}
        {one.address ? `: ${one.address}` : `, ${dateAndClock(one.created_at, locale.value)}`}
      </h2>
      <p role="status">
        <span class={`mark ${one.status === "running" ? "scheduled" : "good"}`}>
          {named(w.importState, one.status)}
        </span>
        <span>{counts(one)}</span>
        {one.failed ? (
          <span class="mark bad">
            {named(w.outcomes, "failed")}: {one.failed}
          </span>
        ) : null}
        <span class="fine">{people.value[one.requested_by.replace(/^staff:/, "")]}</span>
      </p>
      {one.status === "running" ? (
        <progress
          max={Math.max(1, one.total)}
          value={one.total - one.waiting}
          aria-label={fill(w.progressOf, { n: one.total - one.waiting, m: one.total })}
        />
      ) : null}
      {one.reason ? <p class="notice warn">{one.reason}</p> : null}
      {items.length ? <Report items={items} /> : null}
    </article>
  );
}

function Report({ items }: { items: ImportItem[] }) {
  const w = knowledgeWords.value;
  return (
    <table class="numbers report">
      <thead>
        <tr>
          <th scope="col">{w.item}</th>
          <th scope="col">{w.outcome}</th>
          <th scope="col">{w.why}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((item, at) => (
          <tr key={at}>
            <th scope="row">{item.name}</th>
            <td>
              <span class={`mark ${item.outcome}`}>{named(w.outcomes, item.outcome)}</span>
            </td>
            <td>
              {item.reason}{" "}
              {item.document_id && item.outcome !== "failed" ? (
                <a href={`/console/knowledge/documents/${item.document_id}`}>
                  {item.outcome === "unchanged" ? w.document : w.openDraft}
                  <span class="unseen">: {item.name}</span>
                </a>
              ) : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
