// Flip rates by family and perturbation: a bar with its interval, and a plain sentence for each.

import { useSignal } from "@preact/signals";
import { Bar } from "../shared/charts.tsx";
import { type FamilyLine, type Line, type RunWithReport, scaleFor } from "../shared/fairness.ts";
import { decimal, fill, percent } from "../shared/format.ts";
import { locale } from "../shared/i18n/locale.ts";
import { fairnessWords } from "./fairnessWords.ts";
import { named, words } from "./words.ts";

type Report = RunWithReport["report"];

export function FairnessLines({ report }: { report: Report }) {
  const w = fairnessWords.value;
  const l = locale.value;
  const language = useSignal<string | null>(null);
  const isShown = (line: { language: string }) =>
    language.value === null || line.language === language.value;
  const families = report.families.filter(isShown);
  const scale = scaleFor(families.flatMap((line) => line.flips.route ?? []));
  const names = [...new Set(families.map((line) => line.family))];
  return (
    <section class="fairness-lines">
      <header class="sheet-sub">
        <h2>{w.byLine}</h2>
        <div class="filter" role="group" aria-label={w.language}>
          {[null, ...Object.keys(report.seeds)].map((key) => (
            <button
              key={key ?? "all"}
              type="button"
              aria-pressed={language.value === key}
              onClick={() => {
                language.value = key;
              }}
            >
              {key === null ? w.allLanguages : named(words.value.languages, key)}
            </button>
          ))}
        </div>
      </header>
      <p class="fine">{fill(w.scale, { end: percent(scale, l, 0) })}</p>
      {names.map((name) => (
        <Family
          key={name}
          name={name}
          pooled={families.filter((line) => line.family === name)}
          lines={report.lines.filter((line) => line.family === name && isShown(line))}
          scale={scale}
          margin={report.margin}
        />
      ))}
      <Worst report={report} />
    </section>
  );
}

function Family(props: {
  name: string;
  pooled: FamilyLine[];
  lines: Line[];
  scale: number;
  margin: number;
}) {
  const w = fairnessWords.value;
  const l = locale.value;
  const scale = scaleFor(props.lines.flatMap((line) => line.flips.route ?? []));
  return (
    <details class="family">
      <summary>
        <h3>{named(w.families, props.name)}</h3>
        {props.pooled.map((line) => (
          <Pooled key={line.language} line={line} scale={props.scale} />
        ))}
      </summary>
      <div class="scroll">
        <table class="numbers">
          <thead>
            <tr>
              <th scope="col">{w.perturbation}</th>
              <th scope="col" class="bar-head">
                {w.flips} (0 – {percent(scale, l, 0)})
              </th>
              <th scope="col" class="number">
                {words.value.share}
              </th>
              <th scope="col" class="number">
                {words.value.interval}
              </th>
              <th scope="col" class="number">
                {w.worse}
              </th>
              <th scope="col">{fill(w.equal, { margin: decimal(100 * props.margin, l, 0) })}</th>
            </tr>
          </thead>
          <tbody>
            {props.lines.map((line) => (
              <Row key={`${line.perturbation}:${line.language}`} line={line} scale={scale} />
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function Pooled({ line, scale }: { line: FamilyLine; scale: number }) {
  const l = locale.value;
  const rate = line.flips.route;
  if (!rate) return null;
  return (
    <span class="pooled">
      <i>{named(words.value.languages, line.language)}</i>
      <Bar value={rate.share / scale} low={rate.low / scale} high={rate.high / scale} />
      <b>{percent(rate.share, l)}</b>
      <span class="fine">
        {percent(rate.low, l)} – {percent(rate.high, l)}
      </span>
    </span>
  );
}

function Row({ line, scale }: { line: Line; scale: number }) {
  const w = fairnessWords.value;
  const l = locale.value;
  const rate = line.flips.route;
  if (!rate) return null;
  return (
    <tr>
      <th scope="row">
        {named(w.perturbations, line.perturbation)}
        <span class="tongue">{named(words.value.languages, line.language)}</span>
        <p class="fine">{sentence(line)}</p>
      </th>
      <td class="bar-cell">
        <Bar value={rate.share / scale} low={rate.low / scale} high={rate.high / scale} />
      </td>
      <td class="number strong">{percent(rate.share, l)}</td>
      <td class="number">
        {percent(rate.low, l)} – {percent(rate.high, l)}
      </td>
      <td class="number">
        {line.harmed} / {line.helped}
      </td>
      <td>{line.is_equivalent ? w.shown : w.notShown}</td>
    </tr>
  );
}

/** The line in words that need no statistics. */
function sentence(line: Line): string {
  const w = fairnessWords.value;
  const l = locale.value;
  const rate = line.flips.route;
  const values = {
    count: rate?.count ?? 0,
    n: line.n,
    harmed: line.harmed,
    helped: line.helped,
    bound: percent(rate?.zero_bound, l),
  };
  const parts = [fill(rate?.count || line.harmed || line.helped ? w.sentence : w.zero, values)];
  if (line.urgent_lost) parts.push(fill(w.urgent, { count: line.urgent_lost }));
  if (line.harmed > line.helped && line.p_harm_holm < 0.05) {
    parts.push(
      fill(w.chance, {
        p: line.p_harm_holm < 0.001 ? "< 0.001" : `= ${decimal(line.p_harm_holm, l, 3)}`,
      }),
    );
  }
  return parts.join(l === "zh" ? "" : " ");
}

function Worst({ report }: { report: Report }) {
  const w = fairnessWords.value;
  if (!report.worst.length) return null;
  return (
    <details class="family">
      <summary>
        <h3>{w.worst}</h3>
      </summary>
      <ul class="flips">
        {report.worst.map((flip) => (
          <li key={`${flip.perturbation}:${flip.before}:${flip.after}`}>
            <h4>
              {named(w.perturbations, flip.perturbation)}
              <span class="tongue">{named(words.value.languages, flip.language)}</span>
            </h4>
            <p>
              <span class="unseen">{w.before}: </span>
              <q lang={flip.language}>{flip.before}</q> <code>{flip.was}</code>
            </p>
            <p>
              <span class="unseen">{w.after}: </span>
              <q lang={flip.language}>{flip.after}</q> <code>{flip.became}</code>
            </p>
          </li>
        ))}
      </ul>
    </details>
  );
}
