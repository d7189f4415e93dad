// The fields beside the text of an article.

import { fill } from "../../shared/format.ts";
import { AUDIENCES, type Audience } from "../../shared/knowledge.ts";
import { IntentSelect } from "../IntentSelect.tsx";
import { intentName } from "../state.ts";
import { named } from "../words.ts";
import type { Writing } from "./article.ts";
import { langOf } from "./Documents.tsx";
import { Choice, Labelled, LanguageChoice } from "./fields.tsx";
import { knowledgeWords } from "./words.ts";

type InputType = "text" | "date" | "datetime-local" | "url";
type Write = (change: Partial<Writing>) => void;
type TextField = "title" | "owner" | "source_url" | "review_by" | "effective_from" | "expires_at";

export function FactFields(props: { writing: Writing; write: Write; mayChooseLanguage: boolean }) {
  const w = knowledgeWords.value;
  const { writing, write } = props;
  const text = (name: TextField, type: InputType, extra: Record<string, unknown> = {}) => (
    <Labelled label={w.fields[name] ?? name} hint={type === "datetime-local" ? w.moment : ""}>
      <input
        class="box"
        type={type as "text"}
        value={writing[name]}
        onInput={(event) => write({ [name]: event.currentTarget.value })}
        {...extra}
      />
    </Labelled>
  );
  return (
    <div class="fact-fields">
      <div class="wide-field">
        {text("title", "text", { required: true, maxLength: 300, lang: langOf(writing.locale) })}
      </div>
      <Named label={w.fields.locale ?? ""}>
        <LanguageOf writing={writing} write={write} isOpen={props.mayChooseLanguage} />
      </Named>
      <Named label={w.fields.audience ?? ""}>
        <Choice
          label={w.fields.audience ?? ""}
          value={{
            get value() {
              return writing.audience;
            },
            set value(audience: string) {
              write({ audience: audience as Audience });
            },
          }}
          options={AUDIENCES.map((name) => [name, named(w.audiences, name)])}
        />
      </Named>
      {text("owner", "text", { maxLength: 200 })}
      {text("review_by", "date")}
      {text("effective_from", "datetime-local")}
      {text("expires_at", "datetime-local")}
      {text("source_url", "url", { maxLength: 2000, placeholder: "https://" })}
      <Named label={w.fields.intents ?? ""} isWide>
        <Intents intents={writing.intents} write={(intents) => write({ intents })} />
      </Named>
    </div>
  );
}

/** A heading over controls that name themselves. */
function Named(props: { label: string; isWide?: boolean; children: preact.ComponentChildren }) {
  return (
    <div class={`labelled ${props.isWide ? "wide-field" : ""}`}>
      <span aria-hidden="true">{props.label}</span>
      {props.children}
    </div>
  );
}

function LanguageOf(props: { writing: Writing; write: Write; isOpen: boolean }) {
  const w = knowledgeWords.value;
  const { writing, write } = props;
  const value = {
    get value() {
      return writing.locale;
    },
    set value(locale: string) {
      if (props.isOpen) write({ locale: locale === "zh" ? "zh" : "en" });
    },
  };
  return (
    <fieldset class="bare" disabled={!props.isOpen}>
      <LanguageChoice label={w.fields.locale ?? ""} value={value} />
    </fieldset>
  );
}

export function Intents(props: { intents: string[]; write: (intents: string[]) => void }) {
  const w = knowledgeWords.value;
  const { intents, write } = props;
  return (
    <div class="chips">
      {intents.map((intent) => (
        <span key={intent} class="intent-chip">
          {intentName(intent)}
          <button
            type="button"
            aria-label={fill(w.removeIntent, { intent: intentName(intent) })}
            onClick={() => write(intents.filter((one) => one !== intent))}
          >
            ×
          </button>
        </span>
      ))}
      <IntentSelect
        label={w.addIntent}
        value=""
        onChoose={(intent) => {
          if (intent && !intents.includes(intent)) write([...intents, intent]);
        }}
      />
    </div>
  );
}
