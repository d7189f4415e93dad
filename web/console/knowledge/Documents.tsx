// Every document as its newest version: filtered, page by page.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Page } from "../../shared/api.ts";
import { dateAndClock, fill } from "../../shared/format.ts";
import { locale } from "../../shared/i18n/locale.ts";
import { type DocumentSummary, STATUSES } from "../../shared/knowledge.ts";
import { call, intentName } from "../state.ts";
import { named, words } from "../words.ts";
import { mayWrite, tryTo } from "./acting.ts";
import { Choice, LanguageChoice } from "./fields.tsx";
import { knowledgeWords } from "./words.ts";

const PAGE = 50;

export function Documents() {
  const w = knowledgeWords.value;
  const items = useSignal<DocumentSummary[] | null>(null);
  const next = useSignal<string | null>(null);
  const status = useSignal("");
  const language = useSignal("");
  const typed = useSignal("");
  const asked = useSignal("");

  async function load(after: string | null = null) {
    const query = new URLSearchParams({ limit: String(PAGE) });
    if (status.value) query.set("status", status.value);
    if (language.value) query.set("locale", language.value);
    if (asked.value) query.set("q", asked.value);
    if (after) query.set("after", after);
    const page = await tryTo(() =>
      call<Page<DocumentSummary>>("GET", `/v1/knowledge/documents?${query}`),
    );
    if (!page) return;
    items.value = after ? [...(items.value ?? []), ...page.items] : page.items;
    next.value = page.next ?? null;
  }

  useEffect(() => {
    void load();
  }, [status.value, language.value, asked.value]);

  return (
    <section aria-label={w.tabs.documents}>
      <form
        class="sheet-sub"
        onSubmit={(event) => {
          event.preventDefault();
          asked.value = typed.value.trim();
        }}
      >
        <input
          type="search"
          class="box"
          aria-label={w.searchTitles}
          placeholder={w.searchTitles}
          maxLength={200}
          value={typed.value}
          onInput={(event) => {
            typed.value = event.currentTarget.value;
            if (!typed.value) asked.value = "";
          }}
        />
        <button type="submit" class="outline">
          {w.search}
        </button>
        <Choice
          label={w.status}
          value={status}
          options={[["", w.anyStatus], ...STATUSES.map((name) => [name, named(w.statuses, name)])]}
        />
        <LanguageChoice label={w.language} value={language} any={w.anyLanguage} />
        {mayWrite.value ? (
          <a class="solid end" href="/console/knowledge/write/new">
            {w.newDocument}
          </a>
        ) : null}
      </form>
      <Rows items={items.value} />
      {next.value ? (
        <button type="button" class="outline" onClick={() => void load(next.value)}>
          {words.value.more}
        </button>
      ) : null}
    </section>
  );
}

function Rows({ items }: { items: DocumentSummary[] | null }) {
  const w = knowledgeWords.value;
  if (!items) return <p class="empty">{words.value.loading}</p>;
  if (!items.length)
    return (
      <div class="empty">
        <p>{w.noDocuments}</p>
        <p class="fine">{w.noDocumentsMore}</p>
      </div>
    );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <div class="scroll" role="group" aria-label={w.tabs.documents} tabIndex={0}>
      <table class="numbers documents">
        <thead>
          <tr>
            <th scope="col">{w.document}</th>
            <th scope="col">{w.status}</th>
            <th scope="col">{w.customersRead}</th>
            <th scope="col">{w.language}</th>
            <th scope="col">{w.fields.audience}</th>
            <th scope="col">{w.updated}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <Row key={item.id} item={item} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ item }: { item: DocumentSummary }) {
  const w = knowledgeWords.value;
  return (
    <tr>
      <th scope="row">
        <a href={`/console/knowledge/documents/${item.id}`} lang={langOf(item.locale)}>
          {item.title}
        </a>
        {item.intents.length ? (
          <span class="fine">{item.intents.map(intentName).join(", ")}</span>
        ) : null}
      </th>
      <td>
        <span class={`mark ${item.status}`}>{named(w.statuses, item.status)}</span>
      </td>
      <td>
        {item.published_version ? fill(w.versionN, { n: item.published_version }) : w.nothingShown}
      </td>
      <td>{named(words.value.languages, item.locale)}</td>
      <td>{named(w.audiences, item.audience)}</td>
      <td class="fine">{dateAndClock(item.updated_at, locale.value)}</td>
    </tr>
  );
}

export function langOf(language: string): string {
  return language === "zh" ? "zh-CN" : language;
}
