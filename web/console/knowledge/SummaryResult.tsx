// A summary with its quotes, each shown in its place, and the facts of the text as a table.

import { useSignal } from "@preact/signals";
import { fill } from "../../shared/format.ts";
import type { Span, TextSummary } from "../../shared/knowledge.ts";
import { named } from "../words.ts";
import { langOf } from "./Documents.tsx";
import { aroundQuote } from "./quotes.ts";
import { SummaryFacts } from "./SummaryFacts.tsx";
import { knowledgeWords } from "./words.ts";

export function SummaryResult({ summary, text }: { summary: TextSummary; text: string | null }) {
  const w = knowledgeWords.value;
  const shown = useSignal<Span | null>(null);
  const language = langOf(summary.language);
  let number = 0;
  return (
    <div class="summary">
      <div class="columns even">
        <section aria-labelledby="summary-title">
          <h2 id="summary-title">{w.summary}</h2>
          <p class="fine">
            {named(w.methods, summary.method)}
            {summary.fallback ? ` ${fill(w.fallback, { reason: summary.fallback })}` : ""}
            {summary.document ? (
              <>
                {" "}
                <a href={`/console/knowledge/documents/${summary.document.id}`}>
                  {summary.document.title}
                </a>
                , {fill(w.versionN, { n: summary.document.version })}
              </>
            ) : null}
          </p>
          <ul class="summary-items" lang={language}>
            {summary.summary.map((item, at) => (
              <li key={at}>
                {item.text}{" "}
                {item.citations.map((one) => {
                  number += 1;
                  return <Mark key={number} number={number} one={one} shown={shown} />;
                })}
              </li>
            ))}
          </ul>
          {summary.summary.length ? null : <p class="fine">{w.emptySummary}</p>}
          {summary.suspicious.length ? (
            <div class="notice warn">
              <p>{w.suspicious}</p>
              <ul>
                {summary.suspicious.map((one) => (
                  <li key={one.start}>{one.quote}</li>
                ))}
              </ul>
            </div>
          ) : null}
        </section>
        <Place summary={summary} text={text} shown={shown.value} />
      </div>
      <SummaryFacts
        summary={summary}
        onShow={(one) => {
          shown.value = one;
        }}
      />
    </div>
  );
}

function Mark(props: { number: number; one: Span; shown: { value: Span | null } }) {
  const w = knowledgeWords.value;
  const { number, one, shown } = props;
  return (
    <button
      type="button"
      class="quote-mark"
      aria-pressed={shown.value === one}
      aria-label={fill(w.quoteN, { n: number, section: one.section || w.noSection })}
      onClick={() => {
        shown.value = one;
      }}
    >
      {number}
    </button>
  );
}

function Place(props: { summary: TextSummary; text: string | null; shown: Span | null }) {
  const w = knowledgeWords.value;
  const { summary, shown } = props;
  const parts = shown && props.text !== null ? aroundQuote(props.text, shown) : null;
  return (
    <section aria-labelledby="place-title" class="place">
      <h2 id="place-title">{w.inPlace}</h2>
      <div
        class="paper pre"
        lang={langOf(summary.language)}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        role="group"
        aria-labelledby="place-title"
        aria-live="polite"
      >
        {shown && parts ? (
          <>
            <p class="fine">{shown.section || w.noSection}</p>
            {parts.map((part, at) =>
              part.isMarked ? <mark key={at}>{part.text}</mark> : <span key={at}>{part.text}</span>,
            )}
          </>
        ) : (
          <Outline summary={summary} shown={shown} />
        )}
      </div>
    </section>
  );
}

/** The sections of the text, with the quote in the one that it comes from. */
function Outline({ summary, shown }: { summary: TextSummary; shown: Span | null }) {
  const w = knowledgeWords.value;
  return (
    <ol class="outline-list">
      {summary.sections.map((one) => {
        const isHere = shown !== null && one.start <= shown.start && shown.start < one.end;
        return (
          <li key={one.start} style={{ paddingInlineStart: `${one.path.length * 12}px` }}>
            {one.heading || w.noSection}
            {isHere ? (
              <blockquote>
                <mark>{shown.quote}</mark>
              </blockquote>
            ) : null}
          </li>
        );
      })}
    </ol>
  );
}
