// The history of runs: when, why, which model, and what the gate said.

import type { Run } from "../shared/fairness.ts";
import { exactTime, percent } from "../shared/format.ts";
import { locale } from "../shared/i18n/locale.ts";
import { fairnessWords } from "./fairnessWords.ts";
import { named, words } from "./words.ts";

const SHOWN = ["en", "zh"];

export function FairnessRuns({ runs }: { runs: Run[] }) {
  const w = fairnessWords.value;
  const l = locale.value;
  return (
    <section>
      <header class="sheet-sub">
        <h2>{w.history}</h2>
      </header>
      <div class="scroll">
        <table class="numbers">
          <thead>
            <tr>
              <th scope="col">{w.when}</th>
              <th scope="col">{w.occasion}</th>
              <th scope="col">{w.model}</th>
              {SHOWN.map((language) => (
                <th key={language} scope="col" class="number">
                  {w.families.identity}, {named(words.value.languages, language)}
                </th>
              ))}
              <th scope="col">{w.verdict}</th>
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <tr key={run.id}>
                <th scope="row">{exactTime(run.created_at, l)}</th>
                <td>{named(w.occasions, run.occasion)}</td>
                <td>
                  <code>{run.model_version ?? "–"}</code>
                </td>
                {SHOWN.map((language) => (
                  <td key={language} class="number">
                    {percent(run.figures[`identity.${language}.route_flips`], l)}
                  </td>
                ))}
                <td title={run.detail ?? ""}>
                  {run.state === "done"
                    ? w.verdicts[String(run.passed)]
                    : named(w.states, run.state)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
