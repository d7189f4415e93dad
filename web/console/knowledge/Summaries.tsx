// A long text in brief: pasted, a document of the knowledge base, or a file.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Page } from "../../shared/api.ts";
import type { DocumentSummary, TextSummary, Version } from "../../shared/knowledge.ts";
import { call } from "../state.ts";
import { tryTo } from "./acting.ts";
import { Choice, Labelled, Switch } from "./fields.tsx";
import { KINDS } from "./ImportForm.tsx";
import { SummaryResult } from "./SummaryResult.tsx";
import { knowledgeWords } from "./words.ts";

const LENGTHS = ["3", "5", "8", "12"];

export function Summaries() {
  const w = knowledgeWords.value;
  const source = useSignal("text");
  const text = useSignal("");
  const title = useSignal("");
  const chosen = useSignal("");
  const sentences = useSignal("8");
  const documents = useSignal<DocumentSummary[]>([]);
  const isBusy = useSignal(false);
  const made = useSignal<{ summary: TextSummary; text: string | null } | null>(null);
  const picker = useRef<HTMLInputElement>(null);
  const file = useSignal<File | null>(null);

  useEffect(() => {
    if (source.value !== "document") return;
    const query = new URLSearchParams({ limit: "100", ...(title.value ? { q: title.value } : {}) });
    void tryTo(() => call<Page<DocumentSummary>>("GET", `/v1/knowledge/documents?${query}`)).then(
      (page) => {
        if (page) documents.value = page.items;
      },
    );
  }, [source.value, title.value]);

  function body(): FormData | Record<string, unknown> {
    const count = Number(sentences.value);
    if (source.value === "text") return { text: text.value, sentences: count };
    if (source.value === "document") return { document_id: chosen.value, sentences: count };
    const form = new FormData();
    if (file.value) form.append("file", file.value);
    form.append("sentences", sentences.value);
    return form;
  }

  /** The text that quotes lie in; of a file that is no plain text only its sections are known. */
  async function textOf(summary: TextSummary): Promise<string | null> {
    if (source.value === "text") return text.value;
    if (source.value === "file")
      return file.value && /\.(md|markdown|txt)$/i.test(file.value.name) ? file.value.text() : null;
    if (!summary.document) return null;
    const { id, version } = summary.document;
    const path = `/v1/knowledge/documents/${id}/versions/${version}`;
    return (await call<Version & { body: string }>("GET", path)).body;
  }

  async function summarise() {
    if (isBusy.value) return;
    isBusy.value = true;
    made.value = await tryTo(async () => {
      const summary = await call<TextSummary>("POST", "/v1/knowledge/summaries", body());
      return { summary, text: await textOf(summary) };
    });
    isBusy.value = false;
  }

  const isReady = { text: text.value.trim(), document: chosen.value, file: file.value }[
    source.value
  ];
  return (
    <div>
      <form
        class="summary-form"
        onSubmit={(event) => {
          event.preventDefault();
          void summarise();
        }}
      >
        <div class="sheet-sub">
          <Switch
            label={w.tabs.summaries ?? ""}
            value={source}
            options={Object.entries(w.summaryOf)}
          />
          <span class="fine">{w.summariesIntro}</span>
        </div>
        {source.value === "text" ? (
          <Labelled label={w.pasted}>
            <textarea
              class="box"
              rows={8}
              maxLength={100_000}
              value={text.value}
              onInput={(event) => {
                text.value = event.currentTarget.value;
              }}
            />
          </Labelled>
        ) : null}
        {source.value === "document" ? (
          <div class="row">
            <input
              type="search"
              class="box"
              aria-label={w.searchTitles}
              placeholder={w.searchTitles}
              maxLength={200}
              value={title.value}
              onChange={(event) => {
                title.value = event.currentTarget.value.trim();
              }}
            />
            <Choice
              label={w.chooseDocument}
              value={chosen}
              options={[
                ["", `${w.chooseDocument}…`],
                ...documents.value.map((one) => [one.id, one.title]),
              ]}
            />
          </div>
        ) : null}
        {source.value === "file" ? (
          <Labelled label={w.file}>
            <input
              ref={picker}
              class="box"
              type="file"
              accept={KINDS.replace(",.csv,.tsv", "")}
              onChange={(event) => {
                file.value = event.currentTarget.files?.[0] ?? null;
              }}
            />
          </Labelled>
        ) : null}
        <div class="row">
          <Labelled label={w.sentences}>
            <Choice
              label={w.sentences}
              value={sentences}
              options={LENGTHS.map((name) => [name, name])}
            />
          </Labelled>
          <button type="submit" class="solid" disabled={!isReady || isBusy.value}>
            {isBusy.value ? w.summarising : w.summarise}
          </button>
        </div>
      </form>
      <div aria-live="polite" aria-busy={isBusy.value}>
        {made.value ? <SummaryResult {...made.value} /> : null}
      </div>
    </div>
  );
}
