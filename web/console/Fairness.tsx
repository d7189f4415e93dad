// Whether people are treated alike: the last run's flip rates, slices of real traffic, the runs.

import "./fairness.css";
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type Page, Problem } from "../shared/api.ts";
import type { Run, RunWithReport, Slices } from "../shared/fairness.ts";
import { count, fill, percent } from "../shared/format.ts";
import { locale } from "../shared/i18n/locale.ts";
import { FairnessLines } from "./FairnessLines.tsx";
import { FairnessRuns } from "./FairnessRuns.tsx";
import { FairnessSlices } from "./FairnessSlices.tsx";
import { fairnessWords } from "./fairnessWords.ts";
import { attempt, call, me } from "./state.ts";
import { words } from "./words.ts";

const LOOK_EVERY_MS = 5_000;
const MAY_MEASURE = ["auditor", "admin"];

export function Fairness() {
  const w = fairnessWords.value;
  const latest = useSignal<RunWithReport | null>(null);
  const slices = useSignal<Slices | null>(null);
  const runs = useSignal<Run[] | null>(null);
  const isForbidden = useSignal(false);
  const isWaiting = runs.value?.some((run) => run.state === "queued") ?? false;

  async function load() {
    await attempt(async () => {
      try {
        runs.value = (await call<Page<Run>>("GET", "/v1/fairness/runs?limit=20")).items;
        slices.value = await call<Slices>("GET", "/v1/fairness/slices");
        latest.value = runs.value.some((run) => run.state === "done")
          ? await call<RunWithReport>("GET", "/v1/fairness/latest")
          : null;
      } catch (error) {
        isForbidden.value = error instanceof Problem && error.status === 403;
        if (!isForbidden.value) throw error;
      }
    });
  }

  useEffect(() => {
    void load();
  }, []);

  useEffect(() => {
    if (!isWaiting) return;
    const timer = setInterval(() => void load(), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [isWaiting]);

  async function measure() {
    await attempt(() => call("POST", "/v1/fairness/runs", {}));
    await load();
  }

  if (isForbidden.value) return <p class="nothing">{words.value.notAllowed}</p>;
  return (
    <div class="sheet fairness">
      <header class="sheet-top">
        <div>
          <h1>{w.title}</h1>
          <p class="fine">{w.intro}</p>
        </div>
        {MAY_MEASURE.includes(me.value?.role ?? "") ? (
          <button type="button" class="solid" disabled={isWaiting} onClick={() => void measure()}>
            {w.measure}
          </button>
        ) : null}
      </header>
      <div role="status">{isWaiting ? <p class="fine waiting">{w.measuring}</p> : null}</div>
      {runs.value === null ? <p class="empty">{words.value.loading}</p> : null}
      {runs.value !== null && !latest.value && !isWaiting ? <p class="empty">{w.never}</p> : null}
      {latest.value ? <Found run={latest.value} /> : null}
      {slices.value ? <FairnessSlices found={slices.value} /> : null}
      {runs.value?.length ? <FairnessRuns runs={runs.value} /> : null}
    </div>
  );
}

function Found({ run }: { run: RunWithReport }) {
  const w = fairnessWords.value;
  const l = locale.value;
  const { report } = run;
  const seeds = Object.values(report.seeds).reduce((sum, n) => sum + n, 0);
  const identity = report.families.filter((line) => line.family === "identity");
  const worst = Math.max(0, ...identity.map((line) => line.flips.route?.high ?? 0));
  return (
    <>
      <p class={`seal ${run.passed ? "good" : "bad"}`}>
        {run.passed ? w.passed : fill(w.failed, { detail: run.detail ?? "" })}
      </p>
      <dl class="figures">
        <Figure name={w.identity} value={percent(worst, l)} hint={w.identityHint} />
        <Figure
          name={w.gap}
          value={percent(run.figures.language_gap, l)}
          hint={`${w.gapHint}: ${baseOf(run)}`}
        />
        <Figure
          name={w.pairs}
          value={count(report.pairs, l)}
          hint={fill(w.pairsHint, { n: count(seeds, l), model: run.model_version ?? "–" })}
        />
      </dl>
      <FairnessLines report={report} />
    </>
  );
}

/** en 193/200, zh 181/200 */
function baseOf(run: RunWithReport): string {
  return Object.entries(run.report.base)
    .map(([language, seen]) => {
      const all = seen.right + seen.asked + seen.wrong;
      return `${words.value.languages[language] ?? language} ${seen.right}/${all}`;
    })
    .join(", ");
}

function Figure(props: { name: string; value: string; hint: string }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>
        <b>{props.value}</b>
        <span>{props.hint}</span>
      </dd>
    </div>
  );
}
