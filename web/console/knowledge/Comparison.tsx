// What changed between two versions: facts, then lines; signs and words besides colours.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { dateAndClock, fill } from "../../shared/format.ts";
import { locale } from "../../shared/i18n/locale.ts";
import type { Diff, DiffLine, Fact } from "../../shared/knowledge.ts";
import { call, intentName } from "../state.ts";
import { named } from "../words.ts";
import { tryTo } from "./acting.ts";
import type { Known } from "./DocumentPage.tsx";
import { langOf } from "./Documents.tsx";
import { Choice } from "./fields.tsx";
import { folded, type Shown } from "./timeline.ts";
import { knowledgeWords } from "./words.ts";

export function Comparison({ known }: { known: Known }) {
  const w = knowledgeWords.value;
  const { document, versions } = known;
  const newest = versions[0]?.version ?? 1;
  const shown = document.published_version;
  // the question of a reviewer: what would change for customers
  const from = useSignal(String(shown && shown !== newest ? shown : (versions[1]?.version ?? 1)));
  const to = useSignal(String(newest));
  const diff = useSignal<Diff | null>(null);
  const options = versions.map((one) => [
    String(one.version),
    fill(w.versionN, { n: one.version }),
  ]);

  useEffect(() => {
    const path = `/v1/knowledge/documents/${document.id}/diff?from=${from.value}&to=${to.value}`;
    void tryTo(() => call<Diff>("GET", path)).then((found) => {
      if (found) diff.value = found;
    });
  }, [from.value, to.value, newest]);

  return (
    <div class="comparison">
      <div class="sheet-sub">
        <h4>{w.compare}</h4>
        <Choice label={w.compareFrom} value={from} options={options} />
        <span aria-hidden="true">→</span>
        <Choice label={w.compareTo} value={to} options={options} />
      </div>
      {diff.value ? <Changes diff={diff.value} language={document.locale} /> : null}
    </div>
  );
}

function Changes({ diff, language }: { diff: Diff; language: string }) {
  const w = knowledgeWords.value;
  const isSame = !diff.facts.length && diff.lines.every((line) => line.op === "same");
  if (isSame) return <p class="fine">{w.noChange}</p>;
  return (
    <>
      {diff.facts.length ? (
        <table class="numbers fact-changes">
          <thead>
            <tr>
              <th scope="col">{w.facts}</th>
              <th scope="col">{w.before}</th>
              <th scope="col">{w.after}</th>
            </tr>
          </thead>
          <tbody>
            {diff.facts.map((one) => (
              <tr key={one.field}>
                <th scope="row">{named(w.fields, one.field)}</th>
                <td>
                  <del>{factText(one.field, one.from)}</del>
                </td>
                <td>
                  <ins>{factText(one.field, one.to)}</ins>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      <div class="lines" lang={langOf(language)}>
        {folded(diff.lines).map((one, at) => (
          <Piece key={at} one={one} />
        ))}
      </div>
    </>
  );
}

function Piece({ one }: { one: Shown }) {
  const w = knowledgeWords.value;
  if (one.kind === "line") return <Line line={one.line} />;
  return (
    <details>
      <summary lang={langOf(locale.value)}>{fill(w.sameLines, { n: one.lines.length })}</summary>
      {one.lines.map((line, at) => (
        <Line key={at} line={line} />
      ))}
    </details>
  );
}

function Line({ line }: { line: DiffLine }) {
  const w = knowledgeWords.value;
  if (line.op === "same") return <p class="same">{line.text}</p>;
  const isAdded = line.op === "added";
  return (
    <p class={line.op}>
      <b aria-hidden="true">{isAdded ? "+" : "−"}</b>
      <span class="unseen">{isAdded ? w.added : w.removed}: </span>
      {isAdded ? <ins>{line.text}</ins> : <del>{line.text}</del>}
    </p>
  );
}

function factText(field: string, value: Fact): string {
  const w = knowledgeWords.value;
  if (value === null || value.length === 0) return w.none;
  if (Array.isArray(value)) return value.map(intentName).join(", ");
  if (field === "audience") return named(w.audiences, value);
  const isMoment = field === "effective_from" || field === "expires_at";
  return isMoment ? dateAndClock(value, locale.value) : value;
}
