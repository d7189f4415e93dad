// The handoff rate from day to day, as a line with its interval and as a table.

import type { HandoffRow } from "../shared/api.ts";
import { LineChart } from "../shared/charts.tsx";
import { percent, shortDay } from "../shared/format.ts";
import { locale } from "../shared/i18n/locale.ts";
import { HandoffTable } from "./HandoffTable.tsx";
import { words } from "./words.ts";

export function HandoffsByDay({ rows }: { rows: HandoffRow[] }) {
  const w = words.value;
  const l = locale.value;
  const points = rows.map((row) => {
    const value = row.handoff_rate ?? 0;
    return {
      label: shortDay(row.key, l),
      value,
      low: row.interval?.[0] ?? value,
      high: row.interval?.[1] ?? value,
    };
  });
  return (
    <figure class="panel">
      <figcaption>
        <h2>{w.handoffOverTime}</h2>
        <p class="fine">{w.bandHint}</p>
      </figcaption>
      <LineChart
        points={points}
        title={w.handoffOverTime}
        format={(value) => percent(value, l, 0)}
      />
      <details>
        <summary>{w.numbers}</summary>
        <HandoffTable rows={rows} group="day" />
      </details>
    </figure>
  );
}
