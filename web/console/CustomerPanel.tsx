// Who the customer is and how surely we know it.

import type { Conversation } from "../shared/api.ts";
import { dayAndClock, fill } from "../shared/format.ts";
import { locale } from "../shared/i18n/locale.ts";
import { named, words } from "./words.ts";

const LEVELS = ["anonymous", "identified", "otp", "strong"];

export function CustomerPanel({ facts }: { facts: Conversation }) {
  const w = words.value;
  const level = facts.verification?.level ?? "anonymous";
  const reached = LEVELS.indexOf(level);
  const pending = facts.verification?.pending;
  return (
    <section class="facts">
      <h2>{w.customer}</h2>
      <p class="facts-name">{facts.customer?.name ?? w.anonymous}</p>
      <p class="level">
        <span class="pips" aria-hidden="true">
          {LEVELS.map((name, i) => (
            <i key={name} class={i <= reached ? "on" : ""} />
          ))}
        </span>
        <span class="unseen">{w.verification}: </span>
        {named(w.levels, level)}
      </p>
      {pending ? <p class="fine">{fill(w.codePending, { to: pending.sent_to })}</p> : null}
      {facts.handoff?.note ? (
        <p class="handoff-note">
          <b>{w.handoffNote}</b> {facts.handoff.note}
        </p>
      ) : null}
      <dl class="pairs">
        {facts.customer?.email ? <Pair name={w.email} value={facts.customer.email} /> : null}
        <Pair name={w.channel} value={named(w.channels, facts.channel)} />
        <Pair name={w.language} value={named(w.languages, facts.locale)} />
        <Pair name={w.started} value={dayAndClock(facts.created_at, locale.value)} />
        <Pair name={w.assignee} value={facts.assignee?.name ?? w.nobody} />
        <Pair name={w.reference} value={facts.id} />
      </dl>
    </section>
  );
}

export function Pair({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
