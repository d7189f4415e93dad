// What a message may carry besides words: cards with figures, sources, the "generated" label.

import type { Card, Citation } from "../shared/api.ts";
import { fill } from "../shared/format.ts";
import { Markdown, safeHref } from "../shared/markdown.tsx";
import { Icon } from "./icons.tsx";
import { words } from "./words.ts";

export function Cards({ cards }: { cards: Card[] }) {
  return (
    <>
      {cards.map((card, i) => (
        <div key={i} class={`card ${card.kind}`}>
          <p class="card-title">{card.title || words.value.cards[card.kind]}</p>
          <dl>
            {card.rows.map((row, n) => (
              <div key={n} class="row">
                <dt>
                  {row.label}
                  {row.hint ? <small>{row.hint}</small> : null}
                </dt>
                <dd>{row.value}</dd>
              </div>
            ))}
          </dl>
        </div>
      ))}
    </>
  );
}

export function Generated() {
  const w = words.value;
  return (
    <p class="generated">
      <strong>{w.generated}</strong> {w.generatedHint}
    </p>
  );
}

export function Citations({ citations }: { citations: Citation[] }) {
  const w = words.value;
  if (!citations.length) return null;
  return (
    <details
      class="sources"
      onToggle={(event) => event.currentTarget.scrollIntoView({ block: "nearest" })}
    >
      <summary>
        <Icon name="book" size={15} />
        {w.sources} ({citations.length})
      </summary>
      <ol>
        {citations.map((citation) => {
          const href = citation.url ? safeHref(citation.url) : null;
          return (
            <li key={`${citation.document_id}:${citation.version}:${citation.quote}`}>
              <strong>{citation.title}</strong>
              <blockquote>
                <Markdown text={citation.quote} />
              </blockquote>
              {href ? (
                <a href={href} target="_blank" rel="noopener noreferrer">
                  {w.openSource}
                  <span class="unseen">: {fill("{title}", { title: citation.title })}</span>
                </a>
              ) : null}
            </li>
          );
        })}
      </ol>
    </details>
  );
}
