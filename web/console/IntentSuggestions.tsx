// Groups of messages that no intent fits: dismiss one, or say what its messages mean.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Page } from "../shared/api.ts";
import { fill, percent } from "../shared/format.ts";
import { locale } from "../shared/i18n/locale.ts";
import type { Suggestion } from "../shared/labels.ts";
import { IntentSelect } from "./IntentSelect.tsx";
import { labelWords, meaning } from "./labelWords.ts";
import { attempt, call } from "./state.ts";
import { named, words } from "./words.ts";

const STATUSES = ["open", "dismissed", "labelled"];
const DAYS = [7, 30, 90];
const FOLLOW_MS = [1_500, 3_000, 6_000, 12_000]; // after asking, look again this long after

type Act = (path: string, body?: unknown) => Promise<void>;

export function IntentSuggestions({ onChange }: { onChange: () => Promise<void> }) {
  const w = labelWords.value;
  const items = useSignal<Suggestion[] | null>(null);
  const status = useSignal("open");
  const days = useSignal(30);
  const told = useSignal("");
  const isLooking = useSignal(false);

  async function load() {
    const page = await attempt(() =>
      call<Page<Suggestion>>("GET", `/v1/labels/suggestions?status=${status.value}&limit=100`),
    );
    if (page) items.value = page.items;
  }

  useEffect(() => {
    void load();
  }, [status.value]);

  async function find() {
    isLooking.value = true;
    const body = { days: days.value };
    const asked = await attempt(() => call("POST", "/v1/labels/suggestions/refresh", body));
    for (const wait of asked ? FOLLOW_MS : []) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      await load();
    }
    isLooking.value = false;
  }

  const act: Act = async (path, body = {}) => {
    type Answer = { labels?: number };
    const done = await attempt(() => call<Answer>("POST", `/v1/labels/suggestions/${path}`, body));
    if (!done) return;
    told.value = done.labels === undefined ? "" : fill(w.sent, { n: done.labels });
    await Promise.all([load(), onChange()]);
  };

  return (
    <section aria-label={w.suggestions}>
      <div class="sheet-sub">
        <div class="filter" role="group" aria-label={w.status}>
          {STATUSES.map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={status.value === name}
              onClick={() => {
                status.value = name;
              }}
            >
              {named(w.statuses, name)}
            </button>
          ))}
        </div>
        <select
          class="outline"
          aria-label={words.value.period}
          value={days.value}
          onChange={(event) => {
            days.value = Number(event.currentTarget.value);
          }}
        >
          {DAYS.map((n) => (
            <option key={n} value={n}>
              {fill(w.days, { n })}
            </option>
          ))}
        </select>
        <button
          type="button"
          class="outline"
          disabled={isLooking.value}
          onClick={() => void find()}
        >
          {isLooking.value ? w.finding : w.find}
        </button>
        <span class="fine" role="status">
          {told.value}
        </span>
      </div>
      {items.value && !items.value.length ? (
        <div class="empty">
          <p>{status.value === "open" ? w.noSuggestions : w.nothing}</p>
          {status.value === "open" ? <p class="fine">{w.noSuggestionsMore}</p> : null}
        </div>
      ) : null}
      <ul class="cards">
        {(items.value ?? []).map((item) => (
          <Group key={item.id} item={item} act={act} />
        ))}
      </ul>
      {items.value?.length && status.value === "open" ? (
        <p class="fine">{w.newIntentHint}</p>
      ) : null}
    </section>
  );
}

function Group({ item, act }: { item: Suggestion; act: Act }) {
  const w = labelWords.value;
  const chosen = useSignal("");
  return (
    <li class="label-card">
      <div class="label-said">
        <p class="meant">
          <strong class="group-name">{item.name}</strong>
          <span class="fine">
            {fill(w.messages, { n: item.size })} ({item.earlier} → {item.recent},{" "}
            {named(w.trends, item.trend)}) · {named(words.value.languages, item.language)}
          </span>
        </p>
        <ul class="typical" lang={item.language === "zh" ? "zh-CN" : "en"}>
          {item.texts.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
        {item.nearest_intent ? (
          <p class="fine">
            {fill(w.nearest, {
              intent: meaning(item.nearest_intent),
              value: percent(item.nearest_similarity, locale.value, 0),
            })}
          </p>
        ) : null}
        {item.closed_by ? (
          <p class="notice note">
            {fill(w.closedBy, {
              status: named(w.statuses, item.status),
              name: item.closed_by.name,
            })}
            {item.labelled_as ? ` · ${meaning(item.labelled_as)}` : ""}
          </p>
        ) : null}
      </div>
      {item.status === "open" ? (
        <div class="label-acts">
          <IntentSelect
            label={w.labelAs}
            value={chosen.value}
            first={item.nearest_intent ? [item.nearest_intent] : []}
            onChoose={(intent) => {
              chosen.value = intent;
            }}
          />
          <button
            type="button"
            class="solid"
            disabled={!chosen.value}
            onClick={() => void act(`${item.id}/label`, { intent: chosen.value })}
          >
            {w.sendToReview}
          </button>
          <button type="button" class="outline" onClick={() => void act(`${item.id}/dismiss`)}>
            {w.dismiss}
          </button>
        </div>
      ) : null}
    </li>
  );
}
