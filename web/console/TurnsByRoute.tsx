// Where the turns of a period went.

import type { Summary } from "../shared/api.ts";
import { Bar } from "../shared/charts.tsx";
import { count, percent } from "../shared/format.ts";
import { locale } from "../shared/i18n/locale.ts";
import { named, words } from "./words.ts";

export function TurnsByRoute({ summary: s }: { summary: Summary }) {
  const w = words.value;
  const l = locale.value;
  return (
    <section class="by-route">
      <h2>{w.byRoute}</h2>
      <ul>
        {s.by_route.map((row) => (
          <li key={row.key}>
            <span>
              {named(w.routes, row.key)}
              <b>{percent(row.share, l, 0)}</b>
            </span>
            <Bar value={row.share} className={row.key} />
            <span class="fine">
              {count(row.turns, l)} {w.turns}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
