// The numbers of a period at a glance. Knows no way to fetch them.

import type { Summary } from "../shared/api.ts";
import { count, decimal, fill, milliseconds, percent } from "../shared/format.ts";
import { locale } from "../shared/i18n/locale.ts";
import { words } from "./words.ts";

export function Figures({ summary: s }: { summary: Summary }) {
  const w = words.value;
  const l = locale.value;
  return (
    <dl class="figures">
      <Figure
        name={w.handoffRate}
        value={percent(s.handoff_rate, l)}
        hint={`${count(s.handoffs, l)} / ${count(s.conversations, l)}`}
      />
      <Figure
        name={w.containment}
        value={percent(s.containment_rate, l)}
        hint={w.containmentHint}
      />
      <Figure
        name={w.csat}
        value={decimal(s.csat.average, l)}
        hint={fill(w.csatOf, { n: count(s.csat.count, l) })}
      />
      <Figure name={w.median} value={milliseconds(s.median_response_ms, l)} />
      <Figure
        name={w.conversations}
        value={count(s.conversations, l)}
        hint={`${w.resolvedCount} ${count(s.resolved, l)}`}
      />
    </dl>
  );
}

function Figure({ name, value, hint = "" }: { name: string; value: string; hint?: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <b>{value}</b>
        <span>{hint}</span>
      </dd>
    </div>
  );
}
