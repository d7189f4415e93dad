// Ask as somebody else would. Editors see the whole way to the answer, agents the answer and passages.

import { useSignal } from "@preact/signals";
import type { Locale } from "../../shared/api.ts";
import { locale } from "../../shared/i18n/locale.ts";
import { AUDIENCES, type Found, type PlainAnswer, type Trial } from "../../shared/knowledge.ts";
import { IntentSelect } from "../IntentSelect.tsx";
import { call } from "../state.ts";
import { named } from "../words.ts";
import { mayEdit, tryTo } from "./acting.ts";
import { fromLocalInput } from "./article.ts";
import { Choice, Labelled, LanguageChoice } from "./fields.tsx";
import { PlainResult } from "./PlainResult.tsx";
import { TrialResult } from "./TrialResult.tsx";
import { knowledgeWords } from "./words.ts";

export function TestQuestion() {
  const w = knowledgeWords.value;
  const question = useSignal("");
  const audience = useSignal("public");
  const language = useSignal<string>(locale.value);
  const asOf = useSignal("");
  const intent = useSignal("");
  const isBusy = useSignal(false);
  const trial = useSignal<Trial | null>(null);
  const plain = useSignal<{ answer: PlainAnswer; found: Found } | null>(null);

  async function ask() {
    if (isBusy.value) return;
    isBusy.value = true;
    const how = {
      locale: language.value as Locale,
      audience: audience.value,
      ...(asOf.value ? { as_of: fromLocalInput(asOf.value) } : {}),
    };
    const said = question.value.trim();
    if (mayEdit.value) {
      const body = { question: said, ...how, ...(intent.value ? { intent: intent.value } : {}) };
      const found = await tryTo(() => call<Trial>("POST", "/v1/knowledge/test", body));
      if (found) trial.value = found;
    } else {
      const found = await tryTo(() =>
        Promise.all([
          call<PlainAnswer>("POST", "/v1/knowledge/answer", { question: said, ...how }),
          call<Found>("POST", "/v1/knowledge/search", { query: said, k: 10, ...how }),
        ]),
      );
      if (found) plain.value = { answer: found[0], found: found[1] };
    }
    isBusy.value = false;
  }

  return (
    <section aria-label={w.tabs.test}>
      <p class="fine">{mayEdit.value ? w.testIntro : w.askIntro}</p>
      <form
        class="trial-form"
        onSubmit={(event) => {
          event.preventDefault();
          void ask();
        }}
      >
        <Labelled label={w.question}>
          <textarea
            class="box"
            rows={2}
            required
            maxLength={4000}
            value={question.value}
            onInput={(event) => {
              question.value = event.currentTarget.value;
            }}
            onKeyDown={(event) => {
              if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void ask();
            }}
          />
        </Labelled>
        <div class="trial-how">
          <Labelled label={w.asWho}>
            <Choice
              label={w.asWho}
              value={audience}
              options={AUDIENCES.map((name) => [name, named(w.who, name)])}
            />
          </Labelled>
          <Labelled label={w.language}>
            <LanguageChoice label={w.language} value={language} />
          </Labelled>
          <Labelled label={w.asOf} hint={w.asOfHint}>
            <input
              class="box"
              type="datetime-local"
              value={asOf.value}
              onInput={(event) => {
                asOf.value = event.currentTarget.value;
              }}
            />
          </Labelled>
          {mayEdit.value ? (
            <Labelled label={w.intent} hint={intent.value ? "" : w.byRouter}>
              <IntentSelect
                label={w.intent}
                value={intent.value}
                onChoose={(name) => {
                  intent.value = name;
                }}
              />
            </Labelled>
          ) : null}
          <button type="submit" class="solid" disabled={isBusy.value || !question.value.trim()}>
            {isBusy.value ? w.testing : w.test}
          </button>
        </div>
      </form>
      <div aria-live="polite" aria-busy={isBusy.value}>
        {trial.value ? <TrialResult trial={trial.value} /> : null}
        {plain.value ? <PlainResult {...plain.value} /> : null}
      </div>
    </section>
  );
}
