// What customers read and when: a strip to see, a list to read.

import { dateAndClock, fill } from "../../shared/format.ts";
import { locale } from "../../shared/i18n/locale.ts";
import type { Publication } from "../../shared/knowledge.ts";
import { now } from "../state.ts";
import { named } from "../words.ts";
import { personName } from "./acting.ts";
import { stripOf } from "./timeline.ts";
import { knowledgeWords } from "./words.ts";

export function Timeline({ publications }: { publications: Publication[] }) {
  const w = knowledgeWords.value;
  return (
    <section class="when" aria-labelledby="when-title">
      <h3 id="when-title">{w.shownWhen}</h3>
      {publications.length ? (
        <>
          <Strip publications={publications} />
          <ol class="when-list">
            {publications.map((one) => (
              <Line key={one.shown_from} one={one} />
            ))}
          </ol>
        </>
      ) : (
        <p class="fine">{w.neverShown}</p>
      )}
    </section>
  );
}

function Strip({ publications }: { publications: Publication[] }) {
  const w = knowledgeWords.value;
  const strip = stripOf(publications, now.peek());
  return (
    <div class="strip" role="img" aria-label={fill(w.stripLabel, { n: publications.length })}>
      <div class="strip-bar">
        {strip.pieces.map(({ publication: one, left, width }) => (
          <span
            key={one.shown_from}
            class={`piece ${one.state}`}
            style={{ left: `${left}%`, width: `${width}%` }}
          >
            v{one.version}
          </span>
        ))}
        <i class="strip-now" style={{ left: `${strip.now}%` }} />
      </div>
      <span class="strip-word" style={{ left: `${Math.min(96, Math.max(2, strip.now))}%` }}>
        {w.now}
      </span>
    </div>
  );
}

function Line({ one }: { one: Publication }) {
  const w = knowledgeWords.value;
  const moment = (iso: string) => dateAndClock(iso, locale.value);
  return (
    <li class={one.state}>
      <strong>{fill(w.versionN, { n: one.version })}</strong>
      <span class={`mark ${one.state}`}>{named(w.states, one.state)}</span>
      <span>
        {fill(w.interval, {
          from: moment(one.shown_from),
          until: one.shown_until ? moment(one.shown_until) : w.openEnd,
        })}
      </span>
      <span class="fine">
        {named(w.causes, one.cause)}
        {one.approver && one.cause !== "shipped" ? ` · ${personName(one.approver)}` : ""}
      </span>
    </li>
  );
}
