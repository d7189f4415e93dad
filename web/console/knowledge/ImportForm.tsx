// What to import: files by drop or by button, or an address; and what holds for all of it.

import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { fill } from "../../shared/format.ts";
import { AUDIENCES, type Import } from "../../shared/knowledge.ts";
import { go } from "../../shared/router.ts";
import { call } from "../state.ts";
import { named } from "../words.ts";
import { tryTo } from "./acting.ts";
import { Intents } from "./FactFields.tsx";
import { Choice, Labelled, LanguageChoice, Switch } from "./fields.tsx";
import { fileSize } from "./quotes.ts";
import { knowledgeWords } from "./words.ts";

export const KINDS = ".pdf,.docx,.html,.htm,.md,.markdown,.txt,.csv,.tsv";

export function ImportForm() {
  const w = knowledgeWords.value;
  const source = useSignal("files");
  const files = useSignal<File[]>([]);
  const address = useSignal("");
  const audience = useSignal("public");
  const language = useSignal("");
  const intents = useSignal<string[]>([]);
  const submit = useSignal(false);
  const isBusy = useSignal(false);
  const isReady = source.value === "files" ? files.value.length > 0 : address.value.trim() !== "";

  function body(): FormData | Record<string, unknown> {
    const facts = { audience: audience.value, intents: intents.value, submit: submit.value };
    if (source.value !== "files")
      return {
        [source.value]: address.value.trim(),
        ...facts,
        ...(language.value ? { locale: language.value } : {}),
      };
    const form = new FormData();
    for (const file of files.value) form.append("files", file);
    form.append("audience", audience.value);
    form.append("locale", language.value);
    form.append("submit", String(submit.value));
    for (const intent of intents.value) form.append("intents", intent);
    return form;
  }

  async function start() {
    if (!isReady || isBusy.value) return;
    isBusy.value = true;
    const made = await tryTo(() => call<Import>("POST", "/v1/knowledge/imports", body()));
    isBusy.value = false;
    if (made) go(`/console/knowledge/imports/${made.id}`);
  }

  return (
    <form
      class="import-form"
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <div class="sheet-sub">
        <h2>{w.importTitle}</h2>
        <Switch label={w.importTitle} value={source} options={Object.entries(w.importSources)} />
        <span class="fine">{w.importIntro}</span>
      </div>
      {source.value === "files" ? (
        <DropZone
          files={files.value}
          onFiles={(next) => {
            files.value = next;
          }}
        />
      ) : (
        <Labelled label={`${w.address} (${named(w.importSources, source.value)})`}>
          <input
            class="box"
            type="url"
            required
            placeholder="https://"
            maxLength={2000}
            value={address.value}
            onInput={(event) => {
              address.value = event.currentTarget.value;
            }}
          />
        </Labelled>
      )}
      <div class="trial-how">
        <Labelled label={w.fields.audience ?? ""}>
          <Choice
            label={w.fields.audience ?? ""}
            value={audience}
            options={AUDIENCES.map((name) => [name, named(w.audiences, name)])}
          />
        </Labelled>
        <Labelled label={w.language}>
          <LanguageChoice label={w.language} value={language} any={w.detect} />
        </Labelled>
        <div class="labelled">
          <span aria-hidden="true">{w.fields.intents}</span>
          <Intents
            intents={intents.value}
            write={(next) => {
              intents.value = next;
            }}
          />
        </div>
      </div>
      <div class="row">
        <button type="submit" class="solid" disabled={!isReady || isBusy.value}>
          {w.startImport}
        </button>
        <label class="check">
          <input
            type="checkbox"
            checked={submit.value}
            onChange={(event) => {
              submit.value = event.currentTarget.checked;
            }}
          />
          {w.submitToo}
        </label>
      </div>
    </form>
  );
}

function DropZone(props: { files: File[]; onFiles: (files: File[]) => void }) {
  const w = knowledgeWords.value;
  const isOver = useSignal(false);
  const picker = useRef<HTMLInputElement>(null);
  const { files, onFiles } = props;
  const size = files.reduce((sum, file) => sum + file.size, 0);

  /** A file that is chosen again takes the place of its namesake. */
  function add(list: FileList | null | undefined) {
    const added = Array.from(list ?? []);
    const names = new Set(added.map((file) => file.name));
    onFiles([...files.filter((file) => !names.has(file.name)), ...added]);
  }

  return (
    <div
      class={`drop ${isOver.value ? "over" : ""}`}
      role="group"
      aria-label={w.importSources.files}
      onDragOver={(event) => {
        event.preventDefault();
        isOver.value = true;
      }}
      onDragLeave={() => {
        isOver.value = false;
      }}
      onDrop={(event) => {
        event.preventDefault();
        isOver.value = false;
        add(event.dataTransfer?.files);
      }}
    >
      <p>
        {w.drop}{" "}
        <button type="button" class="outline" onClick={() => picker.current?.click()}>
          {w.chooseFiles}
        </button>
      </p>
      <input
        ref={picker}
        type="file"
        class="unseen"
        tabIndex={-1}
        aria-label={w.chooseFiles}
        multiple
        accept={KINDS}
        onChange={(event) => {
          add(event.currentTarget.files);
          event.currentTarget.value = "";
        }}
      />
      <p class="fine">{w.fileKinds}</p>
      {files.length ? (
        <>
          <p role="status">{fill(w.chosenFiles, { n: files.length, size: fileSize(size) })}</p>
          <ul class="chips">
            {files.map((file) => (
              <li key={file.name} class="intent-chip">
                {file.name}
                <button
                  type="button"
                  aria-label={fill(w.takeOut, { name: file.name })}
                  onClick={() => onFiles(files.filter((one) => one !== file))}
                >
                  ×
                </button>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </div>
  );
}
