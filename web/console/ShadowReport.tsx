// What the shadow would change: agreement with its interval, moved intents, changed outcomes.

import { count, fill, percent } from "../shared/format.ts";
import { locale } from "../shared/i18n/locale.ts";
import type { Difference, Move } from "./models.ts";
import { intentName } from "./state.ts";
import { named, words } from "./words.ts";

export function ShadowReport({ difference: d }: { difference: Difference }) {
  const w = words.value.modelPage;
  const l = locale.value;
  return (
    <section class="model" aria-labelledby="shadow-title">
      <h2 id="shadow-title">{w.shadowTitle}</h2>
      <p class="fine">{fill(w.shadowText, { shadow: d.shadow, live: d.live })}</p>
      {d.decisions ? (
        <>
          <dl class="figures three">
            <div>
              <dt>{w.alike}</dt>
              <dd>
                <b>{percent(d.agreement, l)}</b>
                <span>
                  {fill(w.interval, {
                    low: percent(d.agreement_low, l),
                    high: percent(d.agreement_high, l),
                    n: count(d.decisions, l),
                  })}
                </span>
              </dd>
            </div>
            <Figure name={w.intentsMoved} value={d.intents_moved} of={d.decisions} />
            <Figure name={w.outcomesChanged} value={d.outcomes_changed} of={d.decisions} />
          </dl>
          <div class="columns even">
            <Moves title={w.intentsMoved} moves={d.intents} name={intentName} />
            <Moves
              title={w.outcomesChanged}
              moves={d.outcomes}
              name={(key) => named(w.outcomes, key)}
            />
          </div>
        </>
      ) : (
        <p class="empty">{w.nothingCompared}</p>
      )}
    </section>
  );
}

function Figure({ name, value, of }: { name: string; value: number; of: number }) {
  const l = locale.value;
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <b>{count(value, l)}</b>
        <span>{percent(value / of, l)}</span>
      </dd>
    </div>
  );
}

function Moves(props: { title: string; moves: Move[]; name: (key: string | null) => string }) {
  const w = words.value.modelPage;
  if (!props.moves.length) return null;
  return (
    <div class="scroll">
      <table class="numbers">
        <caption class="unseen">{props.title}</caption>
        <thead>
          <tr>
            <th scope="col">{w.now}</th>
            <th scope="col">{w.shadowed}</th>
            <th scope="col" class="number">
              {w.count}
            </th>
            <th scope="col">{w.examples}</th>
          </tr>
        </thead>
        <tbody>
          {props.moves.map((move) => (
            <tr key={`${move.before}>${move.after}`}>
              <th scope="row">{props.name(move.before)}</th>
              <td>{props.name(move.after)}</td>
              <td class="number">{count(move.count, locale.value)}</td>
              <td class="drills">
                {move.examples.map((example) =>
                  example.conversation_id ? (
                    <a key={example.decision_id} href={`/console/all/${example.conversation_id}`}>
                      {example.conversation_id.slice(-6)}
                    </a>
                  ) : (
                    <code key={example.decision_id}>{example.decision_id.slice(-6)}</code>
                  ),
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
