// What is known about a document beside its text.

import { dateAndClock, fullDay } from "../../shared/format.ts";
import { locale } from "../../shared/i18n/locale.ts";
import type { DocumentText } from "../../shared/knowledge.ts";
import { safeHref } from "../../shared/markdown.tsx";
import { intentName } from "../state.ts";
import { named, words } from "../words.ts";
import { knowledgeWords } from "./words.ts";

export function DocumentFacts({ document }: { document: DocumentText }) {
  const w = knowledgeWords.value;
  const moment = (iso: string | null) => (iso ? dateAndClock(iso, locale.value) : "–");
  const href = document.source_url ? safeHref(document.source_url) : null;
  const rows: [string, preact.ComponentChild][] = [
    ["audience", named(w.audiences, document.audience)],
    ["locale", named(words.value.languages, document.locale)],
    ["intents", document.intents.map(intentName).join(", ") || w.none],
    ["owner", document.owner ?? w.none],
    ["review_by", document.review_by ? fullDay(document.review_by, locale.value) : w.none],
    ["effective_from", moment(document.effective_from)],
    ["expires_at", moment(document.expires_at)],
    [
      "source_url",
      href ? (
        <a href={href} target="_blank" rel="noopener noreferrer nofollow">
          {document.source_url}
        </a>
      ) : (
        w.none
      ),
    ],
  ];
  return (
    <section aria-labelledby="facts-title">
      <h3 id="facts-title">{w.facts}</h3>
      <dl class="model-facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{w.fields[name]}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
