// Handoff rates group by group, with their intervals and the conversations behind each.

import { useSignal } from "@preact/signals";
import type { HandoffRow } from "../shared/api.ts";
import { Bar } from "../shared/charts.tsx";
import { count, fill, percent, shortDay } from "../shared/format.ts";
import { locale } from "../shared/i18n/locale.ts";
import { intentName } from "./state.ts";
import { named, reasonShort, words } from "./words.ts";

export function HandoffTable({ rows, group }: { rows: HandoffRow[]; group: string }) {
  const w = words.value;
  const l = locale.value;
  const open = useSignal<string | null>(null);
  if (!rows.length) return <p class="empty">{w.noNumbers}</p>;
  return (
    <div class="scroll">
      <table class="numbers">
        <thead>
          <tr>
            <th scope="col">{w.groups[group] ?? w.day}</th>
            <th scope="col" class="bar-head">
              {w.handoffRate}
            </th>
            <th scope="col" class="number">
              {w.share}
            </th>
            <th scope="col" class="number">
              {w.interval}
            </th>
            <th scope="col" class="number">
              {w.handoffs}
            </th>
            <th scope="col" class="number">
              {w.conversations}
            </th>
            <th scope="col">
              <span class="unseen">{w.drillShort}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.flatMap((row) => {
            const name = keyName(group, row.key);
            const isOpen = open.value === row.key;
            const [low, high] = row.interval ?? [];
            return [
              <tr key={row.key}>
                <th scope="row">{name}</th>
                <td class="bar-cell">
                  <Bar
                    value={row.handoff_rate ?? 0}
                    {...(low !== undefined && high !== undefined ? { low, high } : {})}
                  />
                </td>
                <td class="number strong">{percent(row.handoff_rate, l)}</td>
                <td class="number">
                  {low === undefined ? "–" : `${percent(low, l, 0)} – ${percent(high, l, 0)}`}
                </td>
                <td class="number">{count(row.handoffs, l)}</td>
                <td class="number">{count(row.conversations, l)}</td>
                <td>
                  {row.conversation_ids?.length ? (
                    <button
                      type="button"
                      class="link"
                      aria-expanded={isOpen}
                      onClick={() => {
                        open.value = isOpen ? null : row.key;
                      }}
                    >
                      {w.drillShort}
                      <span class="unseen">: {fill(w.drill, { key: name })}</span>
                    </button>
                  ) : null}
                </td>
              </tr>,
              isOpen ? (
                <tr key={`${row.key}:open`} class="drill">
                  <td colSpan={7}>
                    {row.conversation_ids.map((id) => (
                      <a key={id} href={`/console/all/${id}`}>
                        {id.slice(0, 13)}…
                      </a>
                    ))}
                  </td>
                </tr>
              ) : null,
            ];
          })}
        </tbody>
      </table>
    </div>
  );
}

function keyName(group: string, key: string): string {
  const w = words.value;
  if (group === "intent") return intentName(key);
  if (group === "channel") return named(w.channels, key);
  if (group === "language") return named(w.languages, key);
  if (group === "reason") return reasonShort(key);
  if (group === "day") return shortDay(key, locale.value);
  return key || w.noneKey;
}
