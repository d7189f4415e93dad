// The numbers of a period, each of which opens the conversations behind it.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type HandoffRow, Problem, type Summary } from "../shared/api.ts";
import { fill } from "../shared/format.ts";
import { Figures } from "./Figures.tsx";
import { HandoffsByDay } from "./HandoffsByDay.tsx";
import { HandoffTable } from "./HandoffTable.tsx";
import { attempt, call } from "./state.ts";
import { TurnsByRoute } from "./TurnsByRoute.tsx";
import { words } from "./words.ts";

const PRESETS = [7, 30, 90];
const GROUPS = ["intent", "channel", "language", "variant", "reason"];

function dayBefore(days: number): string {
  const date = new Date(Date.now() - (days - 1) * 86_400_000);
  return date.toISOString().slice(0, 10);
}

export function Analytics() {
  const w = words.value;
  const preset = useSignal<number | null>(30);
  const from = useSignal(dayBefore(30));
  const to = useSignal("");
  const group = useSignal("intent");
  const summary = useSignal<Summary | null>(null);
  const days = useSignal<HandoffRow[]>([]);
  const rows = useSignal<HandoffRow[]>([]);
  const isForbidden = useSignal(false);
  // without an end the period runs up to now
  const period = `from=${from.value}${to.value ? `&to=${to.value}` : ""}`;

  useEffect(() => {
    void attempt(async () => {
      try {
        const [found, byDay] = await Promise.all([
          call<Summary>("GET", `/v1/analytics/summary?${period}`),
          call<{ rows: HandoffRow[] }>("GET", `/v1/analytics/handoffs?group_by=day&${period}`),
        ]);
        summary.value = found;
        days.value = byDay.rows;
      } catch (error) {
        isForbidden.value = error instanceof Problem && error.status === 403;
        if (!isForbidden.value) throw error;
      }
    });
  }, [period]);

  useEffect(() => {
    void attempt(async () => {
      const path = `/v1/analytics/handoffs?group_by=${group.value}&${period}`;
      rows.value = (await call<{ rows: HandoffRow[] }>("GET", path)).rows;
    });
  }, [period, group.value]);

  function choosePreset(n: number) {
    preset.value = n;
    from.value = dayBefore(n);
    to.value = "";
  }

  if (isForbidden.value) return <p class="nothing">{w.notAllowed}</p>;
  const s = summary.value;
  return (
    <div class="sheet">
      <header class="sheet-top">
        <h1>{w.analytics}</h1>
        <div class="period" role="group" aria-label={w.period}>
          <div class="filter">
            {PRESETS.map((n) => (
              <button
                key={n}
                type="button"
                aria-pressed={preset.value === n}
                onClick={() => choosePreset(n)}
              >
                {fill(w.lastDays, { n })}
              </button>
            ))}
          </div>
          <DateField
            label={w.from}
            value={from}
            onPick={() => {
              preset.value = null;
            }}
          />
          <DateField
            label={w.to}
            value={to}
            onPick={() => {
              preset.value = null;
            }}
          />
        </div>
      </header>
      {s ? <Figures summary={s} /> : <p class="empty">{w.loading}</p>}
      {days.value.length ? (
        <HandoffsByDay rows={days.value} />
      ) : s ? (
        <p class="empty">{w.noNumbers}</p>
      ) : null}
      <div class="columns">
        <section>
          <header class="sheet-sub">
            <h2 id="group-title">{w.groupBy}</h2>
            <div class="filter" role="group" aria-labelledby="group-title">
              {GROUPS.map((name) => (
                <button
                  key={name}
                  type="button"
                  aria-pressed={group.value === name}
                  onClick={() => {
                    group.value = name;
                  }}
                >
                  {w.groups[name]}
                </button>
              ))}
            </div>
          </header>
          <HandoffTable rows={rows.value} group={group.value} />
        </section>
        {s ? <TurnsByRoute summary={s} /> : null}
      </div>
    </div>
  );
}

function DateField(props: { label: string; value: { value: string }; onPick: () => void }) {
  return (
    <label class="date">
      {props.label}
      <input
        type="date"
        value={props.value.value}
        onChange={(event) => {
          props.value.value = event.currentTarget.value;
          props.onPick();
        }}
      />
    </label>
  );
}
