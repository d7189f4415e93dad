// Learning from people: what waits for review, trainings with their figures, intents that are missing.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { LabelSummary } from "../shared/labels.ts";
import { IntentSuggestions } from "./IntentSuggestions.tsx";
import { LabelReview } from "./LabelReview.tsx";
import { labelWords } from "./labelWords.ts";
import { attempt, call, maySee, place } from "./state.ts";
import { TrainingRuns } from "./TrainingRuns.tsx";
import { words } from "./words.ts";

const TABS = ["review", "runs", "suggestions"] as const;

export function Labels() {
  const w = labelWords.value;
  const summary = useSignal<LabelSummary | null>(null);
  const tab = TABS.find((name) => name === place.value.id) ?? "review";

  async function load() {
    summary.value = await attempt(() => call<LabelSummary>("GET", "/v1/labels/summary"));
  }

  useEffect(() => {
    if (maySee("labels")) void load();
  }, [tab]);

  if (!maySee("labels")) return <p class="nothing">{words.value.notAllowed}</p>;
  return (
    <div class="sheet labels">
      <header class="sheet-top">
        <div>
          <h1>{w.title}</h1>
          <p class="fine">{w.intro}</p>
        </div>
      </header>
      <nav class="tabs" aria-label={w.title}>
        {TABS.map((name) => (
          <a
            key={name}
            href={`/console/labels/${name}`}
            aria-current={name === tab ? "page" : undefined}
          >
            {w[name]}
            {name === "review" && summary.value?.pending ? <b>{summary.value.pending}</b> : null}
          </a>
        ))}
      </nav>
      {tab === "review" ? <LabelReview onChange={load} /> : null}
      {tab === "runs" ? <TrainingRuns summary={summary.value} onChange={load} /> : null}
      {tab === "suggestions" ? <IntentSuggestions onChange={load} /> : null}
    </div>
  );
}
