// What led to a decision, for people who have never seen a classifier: checks, rule, similar examples.

import type { Check, Explanation } from "../shared/api.ts";
import { decimal, fill, humanise, percent } from "../shared/format.ts";
import { locale } from "../shared/i18n/locale.ts";
import { intentName } from "./state.ts";
import { named, words } from "./words.ts";

export function RuleHeard({ rule }: { rule: Explanation["rule"] }) {
  const w = words.value;
  if (!rule) return null;
  return (
    <p class="rule-heard">
      {rule.matched ? (
        <>
          {w.ruleHeard} <q>{rule.matched}</q>
        </>
      ) : (
        w.ruleFired
      )}{" "}
      <span class="fine">{fill(w.ruleName, { name: intentName(rule.intent) })}</span>
    </p>
  );
}

export function Checks({ checks }: { checks: Check[] }) {
  const w = words.value;
  // that something was ranked at all is worth a line only where nothing was
  const shown = checks.filter((check) => check.check !== "ranked" || check.decided);
  if (!shown.length) return null;
  return (
    <>
      <h3>{w.checks}</h3>
      <ol class="checks">
        {shown.map((check) => (
          <CheckRow key={check.check} check={check} />
        ))}
      </ol>
    </>
  );
}

function CheckRow({ check }: { check: Check }) {
  const w = words.value;
  const [state, mark] = check.decided ? ["decided", "→"] : ["passed", "✓"];
  return (
    <li class={`checked ${state} ${check.test ? "doubt" : ""}`}>
      <span class="check-mark" aria-hidden="true">
        {mark}
      </span>
      <span class="check-name">{named(w.checkNames, check.check)}</span>
      <span class="check-says">{said(check)}</span>
      {check.decided ? <span class="unseen"> {w.decidedHere}</span> : null}
      <Gauge check={check} />
    </li>
  );
}

/** The figure in its own unit, and what it had to be. */
function said(check: Check): string {
  const w = words.value;
  if (check.test === null || check.value === null || check.threshold === null)
    return saidInWords(check);
  if (check.check === "ranked") return w.nothingRanked;
  const show = check.check === "out_of_scope" ? score : check.check === "requests" ? String : share;
  const limit = fill(check.test === "<" ? w.needs : w.limit, { value: show(check.threshold) });
  return `${show(check.value)} · ${limit}`;
}

const score = (value: number) => decimal(value, locale.value);

/** 91 %, but 49.6 %: a figure next to its limit must not be rounded onto it. */
export function share(value: number): string {
  const tenths = Math.round(value * 1000);
  return percent(value, locale.value, tenths % 10 === 0 ? 0 : 1);
}

function saidInWords(check: Check): string {
  const w = words.value;
  if (check.check === "route") return named(w.routes, check.detail);
  const answers = check.decided ? w.checkDecided : w.checkPassed;
  const detail = check.detail ?? "";
  const name = check.check === "rule" ? intentName(detail) : named(w.dangers, detail);
  return fill(answers[check.check] ?? "", { name });
}

function Gauge({ check }: { check: Check }) {
  if (check.value === null || check.threshold === null || check.check === "ranked") return null;
  // shares end at 1; a strangeness and a count have no end, so the bar leaves room beyond the limit
  const isEndless = check.check === "out_of_scope" || check.check === "requests";
  const end = isEndless ? Math.max(check.threshold * 1.6, check.value * 1.15, 0.01) : 1;
  const at = (value: number) => `${(Math.min(1, Math.max(0, value / end)) * 100).toFixed(1)}%`;
  const limit = at(check.threshold);
  return (
    <svg class="gauge" width="100%" height="12" aria-hidden="true">
      <rect class="rail" y="3" width="100%" height="6" rx="2" />
      <rect class="fill" y="3" width={at(check.value)} height="6" rx="2" />
      <line x1={limit} x2={limit} y1="0" y2="12" />
    </svg>
  );
}

export function Nearest({ nearest }: { nearest: Explanation["nearest"] }) {
  const w = words.value;
  if (!nearest.length) return null;
  return (
    <>
      <h3>{w.nearest}</h3>
      <ul class="nearest">
        {nearest.map((example) => (
          <li key={example.text}>
            <q>{example.text}</q>
            <span class="fine">
              {intentName(example.intent)} ·{" "}
              {fill(w.alike, { value: percent(Math.max(0, example.similarity), locale.value, 0) })}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

const SIGNALS = 6; // heads that fit on the panel

export function Signals({ signals }: { signals: Record<string, number> }) {
  const w = words.value;
  const named = Object.entries(signals).slice(0, SIGNALS);
  if (!named.length) return null;
  return (
    <details class="signals">
      <summary>{w.signals}</summary>
      <dl class="pairs">
        {named.map(([name, value]) => (
          <div key={name}>
            <dt>{humanise(name)}</dt>
            <dd>{decimal(value, locale.value)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
