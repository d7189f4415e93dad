// Which intents have articles, and how the questions about them fared.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { count, fill, percent } from "../../shared/format.ts";
import { locale, toLocale } from "../../shared/i18n/locale.ts";
import type { IntentCoverage } from "../../shared/knowledge.ts";
import { go } from "../../shared/router.ts";
import { call, intentName } from "../state.ts";
import { named, words } from "../words.ts";
import { mayWrite, tryTo } from "./acting.ts";
import { emptyWriting } from "./article.ts";
import { keepWriting } from "./Editor.tsx";
import { Title } from "./HealthPage.tsx";
import { PeriodChoice, since } from "./PeriodChoice.tsx";
import { knowledgeWords } from "./words.ts";

export function CoveragePage() {
  const w = knowledgeWords.value;
  const days = useSignal("30");
  const intents = useSignal<IntentCoverage[] | null>(null);

  useEffect(() => {
    const query = new URLSearchParams({ from: since(days.value) });
    type Coverage = { intents: IntentCoverage[] };
    void tryTo(() => call<Coverage>("GET", `/v1/knowledge/coverage?${query}`)).then((found) => {
      if (found) intents.value = found.intents;
    });
  }, [days.value]);

  return (
    <section aria-label={w.tabs.coverage}>
      <div class="sheet-sub">
        <PeriodChoice value={days} />
        <span class="fine">{w.coverageIntro}</span>
      </div>
      {intents.value ? (
        <Table intents={intents.value} />
      ) : (
        <p class="empty">{words.value.loading}</p>
      )}
    </section>
  );
}

function Table({ intents }: { intents: IntentCoverage[] }) {
  const w = knowledgeWords.value;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <div class="scroll" role="group" aria-label={w.tabs.coverage} tabIndex={0}>
      <table class="numbers coverage">
        <thead>
          <tr>
            <th scope="col">{w.intent}</th>
            <th scope="col">{w.article}</th>
            <th scope="col" class="number">
              {w.asked}
            </th>
            <th scope="col" class="number">
              {w.answered}
            </th>
            <th scope="col" class="number">
              {w.ratedDown}
            </th>
          </tr>
        </thead>
        <tbody>
          {intents.map((one) => (
            <Row key={one.intent} one={one} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ one }: { one: IntentCoverage }) {
  const w = knowledgeWords.value;
  const l = locale.value;
  const found = Object.values(one.locales);
  const sum = (name: "answered" | "rated_down") =>
    found.reduce((total, part) => total + part[name], 0);
  const articles = found.flatMap((part) => part.articles);
  const missing = one.missing.map((name) => named(words.value.languages, name)).join(", ");

  function write(language: string) {
    const slot = `gap-${one.intent}-${language}`;
    keepWriting(slot, { ...emptyWriting(toLocale(language) ?? "en"), intents: [one.intent] });
    go(`/console/knowledge/write/${slot}`);
  }

  return (
    <tr class={articles.length ? "" : "bare-intent"}>
      <th scope="row">
        {intentName(one.intent)}
        <span class="fine">{one.definition}</span>
      </th>
      <td>
        <ul class="plain-list">
          {articles.map((article) => (
            <li key={article.document_id}>
              <Title article={article} />
            </li>
          ))}
        </ul>
        {missing ? (
          <div class="row">
            <span class="mark missing">{fill(w.missing, { languages: missing })}</span>
            {mayWrite.value
              ? one.missing.map((language) => (
                  <button
                    key={language}
                    type="button"
                    class="link"
                    aria-label={`${named(w.writeIn, language)}: ${intentName(one.intent)}`}
                    onClick={() => write(language)}
                  >
                    {named(w.writeIn, language)}
                  </button>
                ))
              : null}
          </div>
        ) : null}
      </td>
      <td class="number">{one.questions ? count(one.questions, l) : w.notAsked}</td>
      <td class="number">{one.questions ? percent(sum("answered") / one.questions, l, 0) : "–"}</td>
      <td class="number">
        {sum("answered") ? percent(sum("rated_down") / sum("answered"), l, 0) : "–"}
      </td>
    </tr>
  );
}
