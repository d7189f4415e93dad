// How the articles are: contradictions, near duplicates, stale, expiring, never cited.

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { dateAndClock, fill, fullDay, percent } from "../../shared/format.ts";
import { locale } from "../../shared/i18n/locale.ts";
import type { Alike, Article, Conflict, Health } from "../../shared/knowledge.ts";
import { call } from "../state.ts";
import { words } from "../words.ts";
import { tryTo } from "./acting.ts";
import { langOf } from "./Documents.tsx";
import { LanguageChoice } from "./fields.tsx";
import { PeriodChoice, since } from "./PeriodChoice.tsx";
import { withFigures } from "./quotes.ts";
import { knowledgeWords } from "./words.ts";

export function HealthPage() {
  const w = knowledgeWords.value;
  const days = useSignal("30");
  const language = useSignal("");
  const found = useSignal<Health | null>(null);

  useEffect(() => {
    const query = new URLSearchParams({ from: since(days.value) });
    if (language.value) query.set("locale", language.value);
    void tryTo(() => call<Health>("GET", `/v1/knowledge/health?${query}`)).then((health) => {
      if (health) found.value = health;
    });
  }, [days.value, language.value]);

  const h = found.value;
  return (
    <section aria-label={w.tabs.health}>
      <div class="sheet-sub">
        <PeriodChoice value={days} />
        <LanguageChoice label={w.language} value={language} any={w.anyLanguage} />
        {h ? (
          <span class="fine">{fill(w.healthCount, { n: h.articles, m: h.compared })}</span>
        ) : null}
      </div>
      {h ? <Findings h={h} /> : <p class="empty">{words.value.loading}</p>}
    </section>
  );
}

function Findings({ h }: { h: Health }) {
  const w = knowledgeWords.value;
  const l = locale.value;
  const cut = (name: string) =>
    (h.totals[name] ?? 0) > h.most_shown ? fill(w.firstShown, { n: h.most_shown }) : "";
  return (
    <>
      <Group
        title={w.conflicts}
        what={`${w.conflictsWhat} ${cut("conflicts")}`}
        total={h.totals.conflicts ?? 0}
      >
        {(h.conflicts ?? []).map((one, at) => (
          <Contradiction key={at} one={one} />
        ))}
      </Group>
      <Group
        title={w.nearDuplicates}
        what={`${w.nearDuplicatesWhat} ${cut("near_duplicates")}`}
        total={h.totals.near_duplicates ?? 0}
      >
        {h.near_duplicates.map((one, at) => (
          <Pair key={at} one={one} />
        ))}
      </Group>
      <Group
        title={w.stale}
        what={`${fill(w.staleWhat, { n: h.stale_months })} ${cut("stale")}`}
        total={h.totals.stale ?? 0}
      >
        {h.stale.map((one) => (
          <Line key={one.document_id} article={one}>
            {fill(w.staleReasons[one.reason] ?? "", {
              day:
                one.reason === "review_due" && one.review_by
                  ? fullDay(one.review_by, l)
                  : dateAndClock(one.written_at, l),
            })}
          </Line>
        ))}
      </Group>
      <Group
        title={w.expiring}
        what={`${fill(w.expiringWhat, { n: h.expiring_days })} ${cut("expiring")}`}
        total={h.totals.expiring ?? 0}
      >
        {h.expiring.map((one) => (
          <Line key={one.document_id} article={one}>
            {one.expires_at ? fill(w.until, { time: dateAndClock(one.expires_at, l) }) : ""}
          </Line>
        ))}
      </Group>
      <Group
        title={w.neverCited}
        what={`${w.neverCitedWhat} ${cut("never_cited")}`}
        total={h.totals.never_cited ?? 0}
        isFolded
      >
        {h.never_cited.map((one) => (
          <Line key={one.document_id} article={one} />
        ))}
      </Group>
    </>
  );
}

function Group(props: {
  title: string;
  what: string;
  total: number;
  isFolded?: boolean;
  children: ComponentChildren;
}) {
  const w = knowledgeWords.value;
  return (
    <details class="finding" open={props.total > 0 && !props.isFolded}>
      <summary>
        <h2>{props.title}</h2> <b class={props.total ? "count" : "count none"}>{props.total}</b>
      </summary>
      <p class="fine">{props.total ? props.what : w.healthGood}</p>
      <ul class="plain-list">{props.children}</ul>
    </details>
  );
}

function Contradiction({ one }: { one: Conflict }) {
  return (
    <li class="sides">
      {one.articles.map((article, side) => (
        <div key={article.document_id}>
          <p class="figures-of">{(one.figures[side] ?? []).join(", ")}</p>
          <blockquote lang={langOf(article.locale)}>
            {withFigures(one.quotes[side] ?? "", one.figures[side] ?? []).map((part, at) =>
              part.isMarked ? <mark key={at}>{part.text}</mark> : part.text,
            )}
          </blockquote>
          <Title article={article} />
        </div>
      ))}
    </li>
  );
}

function Pair({ one }: { one: Alike }) {
  const w = knowledgeWords.value;
  return (
    <li class="sides">
      {one.articles.map((article) => (
        <Title key={article.document_id} article={article} />
      ))}
      <span class="fine">
        {one.similarity === null
          ? ""
          : `${fill(w.alike, { value: percent(one.similarity, locale.value, 0) })} · `}
        {fill(w.repeats, { value: percent(one.overlap, locale.value, 0) })}
      </span>
    </li>
  );
}

function Line(props: { article: Article; children?: ComponentChildren }) {
  return (
    <li>
      <Title article={props.article} />
      <span class="fine">{props.children}</span>
    </li>
  );
}

export function Title({ article }: { article: Article }) {
  return (
    <span class="article-title">
      <a href={`/console/knowledge/documents/${article.document_id}`} lang={langOf(article.locale)}>
        {article.title}
      </a>
      {article.owner ? <span class="fine"> {article.owner}</span> : null}
    </span>
  );
}
