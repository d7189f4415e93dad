// The figures and duties of a text, each with the sentence that says it.

import { fill } from "../../shared/format.ts";
import type { Span, TextSummary } from "../../shared/knowledge.ts";
import { named } from "../words.ts";
import { langOf } from "./Documents.tsx";
import { knowledgeWords } from "./words.ts";

export function SummaryFacts(props: { summary: TextSummary; onShow: (span: Span) => void }) {
  const w = knowledgeWords.value;
  const { facts, facts_omitted, language } = props.summary;
  return (
    <section aria-labelledby="found-title">
      <h2 id="found-title">{w.factsFound}</h2>
      {facts.length ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        <div class="scroll" role="group" aria-labelledby="found-title" tabIndex={0}>
          <table class="numbers">
            <thead>
              <tr>
                <th scope="col">{w.kind}</th>
                <th scope="col">{w.value}</th>
                <th scope="col">{w.normalised}</th>
                <th scope="col">{w.section}</th>
              </tr>
            </thead>
            <tbody>
              {facts.map((one, at) => (
                <tr key={at} class={one.suspicious ? "lagging" : ""}>
                  <td>{named(w.kinds, one.kind)}</td>
                  <th scope="row">
                    <button
                      type="button"
                      class="link"
                      lang={langOf(language)}
                      onClick={() => props.onShow(one)}
                    >
                      {one.value}
                    </button>
                  </th>
                  <td>
                    <code>{one.normalised || "–"}</code>
                  </td>
                  <td class="fine">{one.section || w.noSection}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <p class="fine">{w.noFacts}</p>
      )}
      {facts_omitted ? <p class="fine">{fill(w.moreFacts, { n: facts_omitted })}</p> : null}
    </section>
  );
}
