// Writing: a new document or the next version of one, with a preview beside it. Nothing typed is lost.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { recall, remember } from "../../shared/api.ts";
import { fill } from "../../shared/format.ts";
import { locale } from "../../shared/i18n/locale.ts";
import type { DocumentText } from "../../shared/knowledge.ts";
import { Markdown } from "../../shared/markdown.tsx";
import { go } from "../../shared/router.ts";
import { call } from "../state.ts";
import { words } from "../words.ts";
import { mayWrite, tell, tryTo } from "./acting.ts";
import { emptyWriting, readWriting, requestOf, type Writing, writingOf } from "./article.ts";
import { langOf } from "./Documents.tsx";
import { FactFields } from "./FactFields.tsx";
import { knowledgeWords } from "./words.ts";

const NEW = "new";

/** Where a text waits until it is saved: `new`, a gap's name, or the id of a document. */
export function keepWriting(slot: string, writing: Writing | null): void {
  remember(`switchboard:article:${slot}`, writing && JSON.stringify(writing));
}

export function isNewSlot(slot: string): boolean {
  return slot === NEW || slot.startsWith("gap-");
}

export function Editor({ slot }: { slot: string }) {
  const w = knowledgeWords.value;
  const kept = readWriting(recall(`switchboard:article:${slot}`));
  const isNew = isNewSlot(slot);
  const writing = useSignal<Writing | null>(kept ?? (isNew ? emptyWriting(locale.value) : null));
  const stored = useSignal<DocumentText | null>(null);
  const hasFailed = useSignal(false);
  const isSaving = useSignal(false);
  const isTouched = useSignal(kept !== null);

  useEffect(() => {
    if (!isNew) void load();
  }, []);

  async function load() {
    const path = `/v1/knowledge/documents/${slot}`;
    const found = await tryTo(() => call<DocumentText>("GET", path));
    hasFailed.value = !found;
    if (!found) return;
    stored.value = found;
    writing.value ??= writingOf(found, Date.now());
  }

  function write(change: Partial<Writing>) {
    if (!writing.value) return;
    writing.value = { ...writing.value, ...change };
    isTouched.value = true;
    keepWriting(slot, writing.value);
  }

  async function save() {
    if (!writing.value || isSaving.value) return;
    isSaving.value = true;
    const body = requestOf(writing.value);
    const saved = await tryTo(() =>
      isNew
        ? call<DocumentText>("POST", "/v1/knowledge/documents", body)
        : call<DocumentText>("PUT", `/v1/knowledge/documents/${slot}`, body),
    );
    isSaving.value = false;
    if (!saved) return; // the text stays where it is
    keepWriting(slot, null);
    go(`/console/knowledge/documents/${saved.id}`);
    tell(fill(w.done.save ?? "", { n: saved.version }));
  }

  function discard() {
    keepWriting(slot, null);
    go(isNew ? "/console/knowledge/documents" : `/console/knowledge/documents/${slot}`);
  }

  if (!mayWrite.value) return <p class="empty">{w.readOnly}</p>;
  const text = writing.value;
  if (!text) return <p class="empty">{hasFailed.value ? "" : words.value.loading}</p>;
  const newer = stored.value && text.basedOn !== null && stored.value.version > text.basedOn;
  return (
    <form
      class="editor"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <h2>{isNew ? w.writeTitle : fill(w.editTitle, { title: stored.value?.title ?? "" })}</h2>
      {newer ? (
        <p class="notice warn">
          {fill(w.overtaken, { n: stored.value?.version ?? 0 })}{" "}
          <a href={`/console/knowledge/documents/${slot}`}>{w.document}</a>
        </p>
      ) : null}
      <FactFields writing={text} write={write} mayChooseLanguage={isNew} />
      <div class="editor-panes">
        <label class="labelled">
          <span>
            {w.fields.body}
            {text.format === "markdown" ? <small>{w.markdownHint}</small> : null}
          </span>
          <textarea
            class="box"
            rows={18}
            required
            maxLength={200_000}
            lang={langOf(text.locale)}
            value={text.body}
            onInput={(event) => write({ body: event.currentTarget.value })}
          />
        </label>
        <section aria-labelledby="preview-title">
          <h3 id="preview-title">{w.preview}</h3>
          <div class="paper" lang={langOf(text.locale)}>
            <Preview text={text} />
          </div>
        </section>
      </div>
      <div class="row">
        <button type="submit" class="solid" disabled={isSaving.value}>
          {isSaving.value ? w.saving : w.save}
        </button>
        <button type="button" class="outline" onClick={discard}>
          {isTouched.value ? w.discard : w.cancel}
        </button>
        {isTouched.value ? <span class="fine">{w.kept}</span> : null}
      </div>
    </form>
  );
}

function Preview({ text }: { text: Writing }) {
  if (!text.body.trim()) return <p class="fine">{knowledgeWords.value.previewEmpty}</p>;
  if (text.format === "markdown") return <Markdown text={text.body} />;
  return <p class="pre">{text.body}</p>;
}
