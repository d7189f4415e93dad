// The numbers of a period, each of which opens the conversations behind it.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type HandoffRow, Problem, type Summary } from "../shared/api.ts";
import { Bar, LineChart } from "../shared/charts.tsx";
import { count, decimal, fill, milliseconds, percent, shortDay } from "../shared/format.ts";
import { locale } from "../shared/i18n/locale.ts";
import { attempt, call, intentName } from "./state.ts";
import { named, reasonShort, words } from "./words.ts";

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
        <OverTime rows={days.value} />
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
          <Groups rows={rows.value} group={group.value} />
        </section>
        {s ? <Routes summary={s} /> : null}
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

function Figures({ summary: s }: { summary: Summary }) {
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

function OverTime({ rows }: { rows: HandoffRow[] }) {
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
        <Groups rows={rows} group="day" />
      </details>
    </figure>
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

function Groups({ rows, group }: { rows: HandoffRow[]; group: string }) {
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

function Routes({ summary: s }: { summary: Summary }) {
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
