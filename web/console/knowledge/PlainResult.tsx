// The answer and the passages, for those who answer customers.

import { fill, percent } from "../../shared/format.ts";
import { locale } from "../../shared/i18n/locale.ts";
import type { Found, PlainAnswer } from "../../shared/knowledge.ts";
import { CitedAnswer, SureBar } from "./Sources.tsx";
import { knowledgeWords } from "./words.ts";

export function PlainResult({ answer, found }: { answer: PlainAnswer; found: Found }) {
  const w = knowledgeWords.value;
  const value = percent(answer.confidence, locale.value, 0);
  return (
    <div class="trial">
      <h2>{answer.abstained ? w.outcomeSentences.below_threshold : w.answer}</h2>
      <SureBar value={answer.confidence} accept={null} text={`${w.confidence}: ${value}`} />
      {answer.answer ? <CitedAnswer text={answer.answer} citations={answer.citations} /> : null}
      <h3>{w.hits}</h3>
      <ol class="hits">
        {found.hits.map((hit) => (
          <li key={hit.chunk_id}>
            <a href={`/console/knowledge/documents/${hit.document_id}`}>{hit.title}</a>{" "}
            <span class="fine">{fill(w.versionN, { n: hit.version })}</span>
            <p class="passage">{hit.text}</p>
          </li>
        ))}
      </ol>
      {found.hits.length ? null : <p class="fine">{w.noHits}</p>}
      <p class="fine">{fill(w.indexVersion, { version: found.index_version || "–" })}</p>
    </div>
  );
}
