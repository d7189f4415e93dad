// An answer with the quotes that it stands on.

import type { Citation } from "../../shared/api.ts";
import { fill } from "../../shared/format.ts";
import { Markdown } from "../../shared/markdown.tsx";
import { knowledgeWords } from "./words.ts";

export function CitedAnswer(props: { text: string; citations: Citation[] }) {
  const w = knowledgeWords.value;
  return (
    <div class="paper">
      <Markdown text={props.text} />
      {props.citations.length ? (
        <>
          <h3>{w.sources}</h3>
          <ol class="cited">
            {props.citations.map((one, at) => (
              <li key={at}>
                <a href={`/console/knowledge/documents/${one.document_id}`}>{one.title}</a>{" "}
                <span class="fine">{fill(w.versionN, { n: one.version })}</span>
                <blockquote>{one.quote}</blockquote>
              </li>
            ))}
          </ol>
        </>
      ) : null}
    </div>
  );
}

/** How sure it is, as a bar with the line that has to be reached. */
export function SureBar(props: { value: number; accept: number | null; text: string }) {
  const isEnough = props.accept === null || props.value >= props.accept;
  return (
    <p class="sure">
      <span class={`sure-bar ${isEnough ? "enough" : ""}`} aria-hidden="true">
        <i style={{ width: `${props.value * 100}%` }} />
        {props.accept === null ? null : <b style={{ left: `${props.accept * 100}%` }} />}
      </span>
      <span>{props.text}</span>
    </p>
  );
}
