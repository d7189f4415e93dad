// An agent says what a message meant, or that the decision was right; what was said before stands below.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Decision, Page } from "../shared/api.ts";
import { dayAndClock, fill } from "../shared/format.ts";
import { locale } from "../shared/i18n/locale.ts";
import type { Correction } from "../shared/labels.ts";
import { IntentSelect } from "./IntentSelect.tsx";
import { labelWords, meaning } from "./labelWords.ts";
import { attempt, call } from "./state.ts";
import { named } from "./words.ts";

export function CorrectIntent({ decision }: { decision: Decision | undefined }) {
  return decision ? <Correct key={decision.id} decision={decision} /> : null;
}

function Correct({ decision: d }: { decision: Decision }) {
  const w = labelWords.value;
  const chosen = useSignal("");
  const isSaved = useSignal(false);
  const history = useSignal<Correction[]>([]);
  const path = `/v1/decisions/${d.id}`;
  const candidates = (d.candidates ?? []).map((c) => c.intent).filter((i) => i !== d.intent);

  async function load() {
    try {
      history.value = (await call<Page<Correction>>("GET", `${path}/corrections`)).items;
    } catch {
      // the control works without the history
    }
  }

  useEffect(() => {
    void load();
  }, [d.id]);

  async function say(body: { right: true } | { intent: string }) {
    const label = await attempt(() => call<Correction>("POST", `${path}/correction`, body));
    if (!label) return;
    isSaved.value = true;
    chosen.value = "";
    await load();
  }

  return (
    <section class="correct" aria-labelledby="correct">
      <h3 id="correct">{w.correct}</h3>
      <div class="correct-acts">
        {d.intent || d.out_of_scope ? (
          <button type="button" class="outline" onClick={() => void say({ right: true })}>
            {w.isRight}
          </button>
        ) : null}
        <IntentSelect
          label={w.shouldBe}
          value={chosen.value}
          first={candidates.slice(0, 4)}
          hasNone
          onChoose={(intent) => {
            chosen.value = intent;
            isSaved.value = false;
          }}
        />
        {chosen.value ? (
          <button type="button" class="solid" onClick={() => void say({ intent: chosen.value })}>
            {w.save}
          </button>
        ) : null}
      </div>
      <p class="fine" role="status">
        {isSaved.value ? w.saved : ""}
      </p>
      {history.value.length ? (
        <ol class="said" aria-label={w.history}>
          {history.value.map((one) => (
            <li key={one.id} class={one.status}>
              {fill(w.saidIntent, { name: one.labelled_by.name, intent: meaning(one.intent) })}
              <span class="fine">
                {named(w.statuses, one.status)} · {dayAndClock(one.created_at, locale.value)}
              </span>
            </li>
          ))}
        </ol>
      ) : null}
    </section>
  );
}
