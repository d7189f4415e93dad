// Why a message went where it went: checks, examples, candidates, findings, versions, time.

import type { Decision } from "../shared/api.ts";
import { decimal, fill, humanise, milliseconds, percent } from "../shared/format.ts";
import { locale } from "../shared/i18n/locale.ts";
import { Markdown } from "../shared/markdown.tsx";
import { Pair } from "./CustomerPanel.tsx";
import { Checks, Nearest, RuleHeard, Signals, share } from "./Explanation.tsx";
import { intentName } from "./state.ts";
import { named, reasonSentence, words } from "./words.ts";

export function DecisionTrace({
  decision,
  isLatest,
}: {
  decision: Decision | undefined;
  isLatest: boolean;
}) {
  const w = words.value;
  return (
    <section class="trace" aria-labelledby="why">
      <h2 id="why">{w.why}</h2>
      {decision ? (
        <Trace decision={decision} isLatest={isLatest} />
      ) : (
        <p class="fine">{w.noDecision}</p>
      )}
    </section>
  );
}

function Trace({ decision: d }: { decision: Decision; isLatest: boolean }) {
  const w = words.value;
  return (
    <>
      <p class="verdict">
        <span class={`chip ${d.route}`}>{named(w.routes, d.route)}</span>
        <strong>{intentName(d.intent)}</strong>
        <span class="fine">
          {named(w.outcomes, d.outcome)} · {fill(w.whyMessage, { n: d.message_seq })}
        </span>
      </p>
      <p class="reason">{reasonSentence(d.reason, d.explanation.policy.at(-1)?.check)}</p>
      <FurtherRequests parts={d.parts} />
      <RuleHeard rule={d.explanation.rule} />
      <Checks checks={d.explanation.policy} />
      <Nearest nearest={d.explanation.nearest} />
      <Candidates decision={d} />
      <Filter decision={d} />
      <Steps decision={d} />
      {d.citations?.length ? (
        <>
          <h3>{w.sources}</h3>
          <ol class="cites">
            {d.citations.map((c) => (
              <li key={c.document_id + c.quote}>
                {c.title} <span class="fine">v{c.version}</span>
                <blockquote>
                  <Markdown text={c.quote} />
                </blockquote>
              </li>
            ))}
          </ol>
        </>
      ) : null}
      <dl class="pairs">
        <Pair
          name={w.experiment}
          value={d.experiment ? `${d.experiment.key} → ${d.experiment.variant}` : w.noExperiment}
        />
        <Pair name={w.language} value={named(w.languages, d.language)} />
        {d.out_of_scope_score === null ? null : (
          <Pair name={w.oosScore} value={decimal(d.out_of_scope_score, locale.value)} />
        )}
        <Pair name={w.model} value={d.model_version} />
      </dl>
      <Signals signals={d.explanation.signals} />
    </>
  );
}

function FurtherRequests({ parts }: { parts: Decision["parts"] }) {
  const w = words.value;
  if (!parts.length) return null;
  return (
    <>
      <h3>{w.furtherRequests}</h3>
      <ul>
        {parts.map((part) => (
          <li key={part.id}>
            <span class={`chip ${part.route}`}>{named(w.routes, part.route)}</span>{" "}
            {intentName(part.intent)}{" "}
            <span class="fine">
              {named(w.outcomes, part.outcome)} · {reasonSentence(part.reason)}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

const ROW = 34;
const HEAD = 18;

function Candidates({ decision: d }: { decision: Decision }) {
  const w = words.value;
  if (!d.candidates?.length) return null;
  const shown = d.candidates.slice(0, 5);
  const { accept, reject } = d.thresholds ?? {};
  const height = HEAD + shown.length * ROW;
  const at = (value: number) => `${(Math.min(1, Math.max(0, value)) * 100).toFixed(1)}%`;
  const label = shown
    .map((c) => `${intentName(c.intent)} ${percent(c.confidence, locale.value)}`)
    .join(", ");
  return (
    <>
      <h3>{w.candidates}</h3>
      <svg class="candidates" width="100%" height={height} role="img" aria-label={label}>
        {shown.map((c, i) => (
          <g key={c.intent} class={`candidate ${c.route}`}>
            <text x="0" y={HEAD + i * ROW + 12}>
              {intentName(c.intent)}
            </text>
            <text x="100%" y={HEAD + i * ROW + 12} text-anchor="end" class="number">
              {percent(c.confidence, locale.value)}
            </text>
            <rect class="rail" x="0" y={HEAD + i * ROW + 18} width="100%" height="8" rx="2" />
            <rect
              class="fill"
              x="0"
              y={HEAD + i * ROW + 18}
              width={at(c.confidence)}
              height="8"
              rx="2"
            />
          </g>
        ))}
        {[
          { value: reject, words: w.rejectAt, anchor: "end" as const },
          { value: accept, words: w.acceptAt, anchor: "start" as const },
        ].map(({ value, words, anchor }) =>
          value === undefined ? null : (
            <g key={words} class="threshold">
              <text x={at(value)} y="10" text-anchor={anchor}>
                {fill(words, { value: share(value) })}
              </text>
              {shown.map((c, i) => (
                <line
                  key={c.intent}
                  x1={at(value)}
                  x2={at(value)}
                  y1={HEAD + i * ROW + 14}
                  y2={HEAD + i * ROW + 30}
                />
              ))}
            </g>
          ),
        )}
      </svg>
    </>
  );
}

function Filter({ decision: d }: { decision: Decision }) {
  const w = words.value;
  if (!d.filter) return null;
  const findings = d.filter.findings ?? [];
  return (
    <>
      <h3>{w.filter}</h3>
      <p class={`filtered ${d.filter.action}`}>
        {named(w.filterActions, d.filter.action)}
        {findings.map((finding, i) => (
          <code key={i}>{humanise(finding.type)}</code>
        ))}
      </p>
    </>
  );
}

function Steps({ decision: d }: { decision: Decision }) {
  const w = words.value;
  if (!d.steps?.length) return null;
  const total = d.steps.reduce((sum, step) => sum + step.milliseconds, 0);
  let from = 0;
  return (
    <>
      <h3>{w.steps}</h3>
      <table class="steps">
        <tbody>
          {d.steps.map((step, i) => {
            const x = total ? (from / total) * 100 : 0;
            from += step.milliseconds;
            const width = total ? Math.max(1.5, (step.milliseconds / total) * 100) : 0;
            return (
              <tr key={i}>
                <th scope="row">{named(w.stepNames, step.step)}</th>
                <td title={explain(step.detail)}>{step.outcome}</td>
                <td class="lane">
                  <svg width="100%" height="8" aria-hidden="true">
                    <rect x={`${Math.min(x, 98.5)}%`} width={`${width}%`} height="8" rx="1.500" />
                  </svg>
                </td>
                <td class="number">{milliseconds(step.milliseconds, locale.value)}</td>
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{w.total}</th>
            <td />
            <td />
            <td class="number">{milliseconds(total, locale.value)}</td>
          </tr>
        </tfoot>
      </table>
    </>
  );
}

function explain(detail: unknown): string {
  if (detail === null || detail === undefined) return "";
  return typeof detail === "string" ? detail : JSON.stringify(detail);
}
