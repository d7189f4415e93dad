// The whole way of one question: what it was taken for, what was found with which scores, and the end.

import { dateAndClock, decimal, fill, percent } from "../../shared/format.ts";
import { locale } from "../../shared/i18n/locale.ts";
import type { HiddenHit, Trial, TrialHit } from "../../shared/knowledge.ts";
import { intentName } from "../state.ts";
import { named } from "../words.ts";
import { langOf } from "./Documents.tsx";
import { CitedAnswer, SureBar } from "./Sources.tsx";
import { knowledgeWords } from "./words.ts";

export function TrialResult({ trial }: { trial: Trial }) {
  const w = knowledgeWords.value;
  const l = locale.value;
  const share = (value: number) => percent(value, l, 0);
  const { intent } = trial;
  const isAnswered = trial.outcome === "answered";
  const wordings = trial.attempts.map((one) => one.asked).filter((text) => text !== trial.question);
  return (
    <div class="trial">
      <h2 class={isAnswered ? "good" : "bad"}>{named(w.outcomeSentences, trial.outcome)}</h2>
      <SureBar
        value={trial.confidence}
        accept={trial.accept}
        text={`${w.confidence}: ${fill(w.confidenceOf, {
          value: share(trial.confidence),
          accept: share(trial.accept),
        })}`}
      />
      {trial.answer ? <CitedAnswer text={trial.answer} citations={trial.citations} /> : null}
      <p class="fine">
        {intent.source === "given"
          ? fill(w.givenIntent, { intent: intentName(intent.name) })
          : fill(w.takenFor, { intent: intentName(intent.name) })}
        {intent.confidence === null
          ? ""
          : ` (${fill(w.takenForOf, { value: share(intent.confidence) })})`}
        {trial.as_of ? ` · ${w.asOf} ${dateAndClock(trial.as_of, l)}` : ""}
        {" · "}
        {fill(w.indexVersion, { version: trial.index_version || "–" })}
      </p>
      {wordings.length ? (
        <p class="fine">
          {w.attempts}: {wordings.map((text) => `“${text}”`).join(" → ")}
        </p>
      ) : null}
      <h3>{w.hits}</h3>
      {trial.hits.length ? (
        <ol class="hits">
          {trial.hits.map((hit) => (
            <Hit key={`${hit.rank}`} hit={hit} accept={trial.accept} />
          ))}
        </ol>
      ) : (
        <p class="fine">{w.noHits}</p>
      )}
      <Hidden hits={trial.hidden} />
    </div>
  );
}

function Hit({ hit, accept }: { hit: TrialHit; accept: number }) {
  const w = knowledgeWords.value;
  const l = locale.value;
  const scores: [string, number | null, number][] = [
    [w.dense, hit.dense_score, 2],
    [w.keyword, hit.keyword_score, 1],
    [w.example, hit.example_score, 2],
    [w.score, hit.score, 3],
  ];
  if (hit.rerank_score !== null) scores.push([w.rerank, hit.rerank_score, 2]);
  return (
    <li class={hit.current ? "" : "lagging"}>
      <div class="hit-top">
        <span>
          <a href={`/console/knowledge/documents/${hit.document_id}`}>{hit.title || w.document}</a>{" "}
          <span class="fine">
            {fill(w.versionN, { n: hit.version })}
            {hit.headings.length ? ` · ${hit.headings.join(" › ")}` : ""}
          </span>
        </span>
        <SureBar
          value={hit.confidence}
          accept={accept}
          text={`${percent(hit.confidence, l, 0)} ${w.sure}`}
        />
      </div>
      {hit.current ? <p class="passage">{hit.text}</p> : <p class="notice warn">{w.notCurrent}</p>}
      <Scores
        name={w.ofPassage}
        scores={scores.map(([name, value, digits]) => [name, decimal(value, l, digits)])}
      />
      <Scores
        name={w.ofArticle}
        scores={Object.entries(hit.signals).map(([name, value]) => [
          named(w.signals, name),
          decimal(value, l),
        ])}
      />
    </li>
  );
}

function Scores(props: { name: string; scores: [string, string][] }) {
  return (
    <div class="scores">
      <b>{props.name}</b>
      <dl>
        {props.scores.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Hidden({ hits }: { hits: HiddenHit[] }) {
  const w = knowledgeWords.value;
  if (!hits.length) return null;
  return (
    <>
      <h3>{w.hidden}</h3>
      <ul class="plain-list">
        {hits.map((hit) => (
          <li key={hit.chunk_id}>
            <a href={`/console/knowledge/documents/${hit.document_id}`} lang={langOf(hit.locale)}>
              {hit.title}
            </a>{" "}
            <span class="fine">
              {fill(named(w.because, hit.because), { audience: named(w.audiences, hit.audience) })}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
