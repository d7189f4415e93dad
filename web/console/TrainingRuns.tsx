// Trainings on what people said: how far, what was learnt, and the figures before and after.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Page } from "../shared/api.ts";
import { dayAndClock, fill, percent } from "../shared/format.ts";
import { locale } from "../shared/i18n/locale.ts";
import type { Compared, LabelSummary, TrainingConflict, TrainingRun } from "../shared/labels.ts";
import { labelWords, meaning } from "./labelWords.ts";
import { attempt, call } from "./state.ts";
import { named, words } from "./words.ts";

const EVERY_MS = 3_000;
const UNDER_WAY = ["queued", "training", "evaluated"];

export function TrainingRuns(props: {
  summary: LabelSummary | null;
  onChange: () => Promise<void>;
}) {
  const w = labelWords.value;
  const runs = useSignal<TrainingRun[] | null>(null);

  async function load() {
    const page = await attempt(() => call<Page<TrainingRun>>("GET", "/v1/labels/runs?limit=20"));
    if (page) runs.value = page.items;
  }

  useEffect(() => {
    void load();
    const timer = setInterval(() => {
      const isOpen = runs.value?.some((run) => UNDER_WAY.includes(run.state));
      if (isOpen && document.visibilityState === "visible")
        void load().then(() => {
          if (!runs.value?.some((run) => UNDER_WAY.includes(run.state))) void props.onChange();
        });
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, []);

  async function retrain() {
    await attempt(() => call("POST", "/v1/labels/retrain", {}));
    await Promise.all([load(), props.onChange()]);
  }

  return (
    <section aria-label={w.runs}>
      <Offer summary={props.summary} onRetrain={retrain} />
      {runs.value && !runs.value.length ? (
        <div class="empty">
          <p>{w.noRuns}</p>
          <p class="fine">{w.noRunsMore}</p>
        </div>
      ) : null}
      {runs.value ? (
        <ul class="cards">
          {runs.value.map((run) => (
            <Run key={run.id} run={run} />
          ))}
        </ul>
      ) : (
        <p class="empty">{words.value.loading}</p>
      )}
    </section>
  );
}

function Offer(props: { summary: LabelSummary | null; onRetrain: () => Promise<void> }) {
  const w = labelWords.value;
  const s = props.summary;
  if (!s) return null;
  const counts = { n: s.new_since_last_run, m: s.offer_after };
  const isBusy = s.run_under_way !== null;
  return (
    <div class={`offer ${s.retrain_offered ? "due" : ""}`}>
      <p>{isBusy ? w.retraining : fill(s.retrain_offered ? w.offer : w.fresh, counts)}</p>
      <button
        type="button"
        class={s.retrain_offered ? "solid" : "outline"}
        disabled={isBusy}
        onClick={() => void props.onRetrain()}
      >
        {w.retrain}
      </button>
    </div>
  );
}

function Run({ run }: { run: TrainingRun }) {
  const w = labelWords.value;
  const { data } = run;
  return (
    <li class={`run ${run.state}`}>
      <header>
        <strong>{named(w.states, run.state)}</strong>
        <span class="fine">
          {fill(w.by, {
            name: run.requested_by.name,
            time: dayAndClock(run.created_at, locale.value),
          })}
        </span>
        {run.version ? <code>{run.version}</code> : null}
      </header>
      {run.state === "training" ? (
        <progress value={run.progress} max={1} aria-label={run.step ?? w.states.training} />
      ) : null}
      {run.reason ? <p class="notice warn">{run.reason}</p> : null}
      {data.learnt_rows === undefined ? null : (
        <p class="fine">
          {fill(w.learnt, {
            rows: data.learnt_rows,
            labels: data.labels ?? 0,
            held: data.held_out_labels ?? 0,
          })}
          {run.base_version ? ` · ${fill(w.against, { version: run.base_version })}` : ""}
          {run.report.live_not_measured
            ? ` · ${fill(w.notCompared, { reason: run.report.live_not_measured })}`
            : ""}
        </p>
      )}
      <Figures sets={run.report.sets ?? {}} />
      <Conflicts conflicts={data.conflicts ?? []} />
      {run.state === "ready" && run.version ? (
        <p class="fine">
          {w.promoteHint} <code>switchboard models promote {run.version}</code>
        </p>
      ) : null}
    </li>
  );
}

function Figures({ sets }: { sets: Record<string, Record<string, Compared>> }) {
  const w = labelWords.value;
  const rows = Object.entries(sets).flatMap(([set, parts]) =>
    Object.entries(parts).map(([part, figures]) => ({ set, part, figures })),
  );
  if (!rows.length) return null;
  const heads = [w.rows, w.accuracy, w.answered, w.answeredRight, w.refusedShare, w.wonLost];
  return (
    <div class="scroll">
      <table class="numbers">
        <thead>
          <tr>
            <th scope="col">{w.set}</th>
            {heads.map((head) => (
              <th key={head} scope="col" class="number">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ set, part, figures: f }) => (
            <tr key={`${set} ${part}`} class={part === "all" ? "strong" : ""}>
              <th scope="row">
                {named(w.sets, set)}, {part === "all" ? w.all : named(words.value.languages, part)}
              </th>
              <td class="number">{f.after.rows}</td>
              <Change before={f.before?.accuracy} after={f.after.accuracy} />
              <Change before={f.before?.answered} after={f.after.answered} />
              <Change before={f.before?.answered_right} after={f.after.answered_right} />
              <Change before={f.before?.refused} after={f.after.refused} />
              <td class="number">{f.paired ? `${f.paired.won} / ${f.paired.lost}` : "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Change(props: { before: number | null | undefined; after: number | null }) {
  const { before, after } = props;
  const isKnown = before !== null && before !== undefined;
  return (
    <td class="number">
      {isKnown ? <span class="before">{percent(before, locale.value)} → </span> : null}
      {percent(after, locale.value)}
    </td>
  );
}

function Conflicts({ conflicts }: { conflicts: TrainingConflict[] }) {
  const w = labelWords.value;
  if (!conflicts.length) return null;
  return (
    <details>
      <summary>{fill(w.conflicts, { n: conflicts.length })}</summary>
      <ul class="alike">
        {conflicts.map((one, i) => (
          <li key={i} class="against">
            <span class="alike-text">{one.text}</span>
            <strong>{meaning(one.label_intent)}</strong>
            <span class="fine">
              {named(w.conflictKinds, one.kind)}
              {one.other_intent ? ` (${meaning(one.other_intent)})` : ""}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
