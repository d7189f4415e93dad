// What customers asked and were not answered well, by topic; from a topic to the article it lacks.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { count, dayAndClock, fill } from "../../shared/format.ts";
import { locale, toLocale } from "../../shared/i18n/locale.ts";
import type { Gap, Gaps } from "../../shared/knowledge.ts";
import { go } from "../../shared/router.ts";
import { call, intentName, me } from "../state.ts";
import { named, words } from "../words.ts";
import { mayWrite, tryTo } from "./acting.ts";
import { writingFor } from "./article.ts";
import { langOf } from "./Documents.tsx";
import { keepWriting } from "./Editor.tsx";
import { LanguageChoice } from "./fields.tsx";
import { PeriodChoice, since } from "./PeriodChoice.tsx";
import { knowledgeWords } from "./words.ts";

export function GapsPage() {
  const w = knowledgeWords.value;
  const days = useSignal("30");
  const language = useSignal("");
  const found = useSignal<Gaps | null>(null);

  useEffect(() => {
    const query = new URLSearchParams({ from: since(days.value) });
    if (language.value) query.set("locale", language.value);
    void tryTo(() => call<Gaps>("GET", `/v1/knowledge/gaps?${query}`)).then((gaps) => {
      if (gaps) found.value = gaps;
    });
  }, [days.value, language.value]);

  const g = found.value;
  return (
    <section aria-label={w.tabs.gaps}>
      <div class="sheet-sub">
        <PeriodChoice value={days} />
        <LanguageChoice label={w.language} value={language} any={w.anyLanguage} />
        <span class="fine">{w.gapsIntro}</span>
      </div>
      {g ? <Found g={g} /> : <p class="empty">{words.value.loading}</p>}
    </section>
  );
}

function Found({ g }: { g: Gaps }) {
  const w = knowledgeWords.value;
  const l = locale.value;
  return (
    <>
      <p class="fine">
        {fill(w.gapsCount, { n: count(g.questions, l), m: count(g.off_topic, l) })}{" "}
        {g.is_cut ? fill(w.gapsCut, { n: count(g.most_questions, l) }) : ""}
      </p>
      {g.gaps.length ? (
        <ul class="cards">
          {g.gaps.map((gap, at) => (
            <Card key={at} gap={gap} />
          ))}
        </ul>
      ) : (
        <p class="empty">{w.noGaps}</p>
      )}
      {g.left_off ? <p class="fine">{fill(w.leftOff, { n: g.left_off })}</p> : null}
    </>
  );
}

function Card({ gap }: { gap: Gap }) {
  const w = knowledgeWords.value;
  const typical = gap.examples[0];
  // editors write from questions, but conversations are for those who answer customers
  const mayOpen = me.value?.role !== "editor";

  function write() {
    if (!typical) return;
    const slot = `gap-${typical.message_id}`;
    const intents = gap.intents.slice(0, 1).map((one) => one.intent);
    keepWriting(slot, writingFor(typical.text, toLocale(gap.locale) ?? "en", intents));
    go(`/console/knowledge/write/${slot}`);
  }

  return (
    <li class="label-card">
      <div class="label-said">
        <h2 class="group-name" lang={langOf(gap.locale)}>
          {gap.name}
        </h2>
        <p class="fine">
          <strong>{fill(w.gapSize, { n: gap.size })}</strong>
          {Object.entries(gap.lacks)
            .filter(([, n]) => n)
            .map(([name, n]) => ` · ${named(w.lacks, name)}: ${n}`)}
          {" · "}
          {fill(w.lastAsked, { time: dayAndClock(gap.last_asked_at, locale.value) })}
        </p>
        <ul class="typical" lang={langOf(gap.locale)}>
          {gap.examples.map((one) => (
            <li key={one.message_id}>
              {mayOpen ? (
                <a href={`/console/conversations/${one.conversation_id}`}>{one.text}</a>
              ) : (
                one.text
              )}
            </li>
          ))}
        </ul>
        <p class="fine">
          {gap.intents.map((one) => intentName(one.intent)).join(", ")}
          {gap.nearest ? (
            <>
              {gap.intents.length ? " · " : ""}
              {w.nearest}{" "}
              <a href={`/console/knowledge/documents/${gap.nearest.document_id}`}>
                {gap.nearest.title}
              </a>
            </>
          ) : null}
        </p>
        {gap.answered_now ? <p class="notice">{w.answeredNow}</p> : null}
      </div>
      {mayWrite.value && typical ? (
        <div class="label-acts">
          <button type="button" class={gap.answered_now ? "outline" : "solid"} onClick={write}>
            {w.writeArticle}
          </button>
        </div>
      ) : null}
    </li>
  );
}
