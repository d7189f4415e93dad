// Bringing documents in: many files, a page, or the pages of a sitemap; and what was brought in so far.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Page } from "../../shared/api.ts";
import { dateAndClock, fill } from "../../shared/format.ts";
import { locale } from "../../shared/i18n/locale.ts";
import type { ImportSummary } from "../../shared/knowledge.ts";
import { call } from "../state.ts";
import { named, words } from "../words.ts";
import { mayWrite, tryTo } from "./acting.ts";
import { ImportForm } from "./ImportForm.tsx";
import { knowledgeWords } from "./words.ts";

const EVERY_MS = 3_000;
const COUNTS = ["created", "updated", "unchanged"] as const;

export function Imports() {
  const w = knowledgeWords.value;
  const items = useSignal<ImportSummary[] | null>(null);
  const next = useSignal<string | null>(null);

  async function load(after: string | null = null) {
    const query = new URLSearchParams({ limit: "20", ...(after ? { after } : {}) });
    const page = await tryTo(() =>
      call<Page<ImportSummary>>("GET", `/v1/knowledge/imports?${query}`),
    );
    if (!page) return;
    items.value = after ? [...(items.value ?? []), ...page.items] : page.items;
    next.value = page.next ?? null;
  }

  useEffect(() => {
    void load();
    const timer = setInterval(() => {
      const isRunning = items.value?.some((one) => one.status === "running");
      if (isRunning && document.visibilityState === "visible") void load();
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, []);

  return (
    <>
      {mayWrite.value ? <ImportForm /> : null}
      <section aria-labelledby="imports-title">
        <h2 id="imports-title">{w.imports}</h2>
        <Rows items={items.value} />
        {next.value ? (
          <button type="button" class="outline" onClick={() => void load(next.value)}>
            {words.value.more}
          </button>
        ) : null}
      </section>
    </>
  );
}

function Rows({ items }: { items: ImportSummary[] | null }) {
  const w = knowledgeWords.value;
  if (!items) return <p class="empty">{words.value.loading}</p>;
  if (!items.length) return <p class="empty">{w.noImports}</p>;
  return (
    <ul class="versions">
      {items.map((one) => (
        <li key={one.id}>
          <a href={`/console/knowledge/imports/${one.id}`}>
            {one.address ??
              `${named(w.importOf, one.kind)}, ${dateAndClock(one.created_at, locale.value)}`}
          </a>
          <span class={`mark ${one.status === "running" ? "scheduled" : ""}`}>
            {named(w.importState, one.status)}
          </span>
          <span class="fine">
            {one.address ? `${dateAndClock(one.created_at, locale.value)} · ` : ""}
            {counts(one)}
          </span>
          {one.failed || one.reason ? (
            <span class="mark bad">
              {one.reason ?? `${named(w.outcomes, "failed")}: ${one.failed}`}
            </span>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

/** New: 3 · Unchanged: 1; while it runs, how far it is. */
export function counts(one: ImportSummary): string {
  const w = knowledgeWords.value;
  if (one.status === "running")
    return fill(w.progressOf, { n: one.total - one.waiting, m: one.total });
  return COUNTS.filter((name) => one[name])
    .map((name) => `${named(w.outcomes, name)}: ${one[name]}`)
    .join(" · ");
}
