// The review queue: one label after another, with what speaks for it and against it.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Page } from "../shared/api.ts";
import { fill } from "../shared/format.ts";
import type { Label } from "../shared/labels.ts";
import { LabelItem } from "./LabelItem.tsx";
import { labelWords } from "./labelWords.ts";
import { attempt, call } from "./state.ts";
import { named, words } from "./words.ts";

const STATUSES = ["pending", "accepted", "rejected", "superseded"];
const PAGE = 50;

export function LabelReview({ onChange }: { onChange: () => Promise<void> }) {
  const w = labelWords.value;
  const items = useSignal<Label[] | null>(null);
  const next = useSignal<string | null>(null);
  const status = useSignal("pending");
  const language = useSignal("");
  const told = useSignal("");

  async function load(after: string | null = null) {
    const query = new URLSearchParams({ status: status.value, limit: String(PAGE) });
    if (language.value) query.set("language", language.value);
    if (after) query.set("after", after);
    const page = await attempt(() => call<Page<Label>>("GET", `/v1/labels?${query}`));
    if (!page) return;
    items.value = after ? [...(items.value ?? []), ...page.items] : page.items;
    next.value = page.next ?? null;
  }

  useEffect(() => {
    void load();
  }, [status.value, language.value]);

  async function act(path: string, body: unknown = {}) {
    const done = await attempt(() => call<unknown>("POST", `/v1/labels/${path}`, body));
    if (done) await Promise.all([load(), onChange()]);
    return done;
  }

  const plain = (items.value ?? []).filter((i) => i.reviewable && !i.conflict && !i.needs_context);

  async function acceptMany() {
    type Answer = { accepted: string[]; skipped: unknown[] };
    const ids = plain.map((item) => item.id).slice(0, 200);
    const answer = (await act("accept", { ids })) as Answer | null;
    if (answer)
      told.value = fill(w.acceptedMany, { n: answer.accepted.length, m: answer.skipped.length });
  }

  return (
    <section aria-label={w.review}>
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
          aria-label={w.language}
          value={language.value}
          onChange={(event) => {
            language.value = event.currentTarget.value;
          }}
        >
          <option value="">{w.anyLanguage}</option>
          {Object.entries(words.value.languages).map(([key, label]) => (
            <option key={key} value={key}>
              {label}
            </option>
          ))}
        </select>
        {plain.length > 1 ? (
          <button type="button" class="solid" onClick={() => void acceptMany()}>
            {fill(w.acceptAll, { n: plain.length })}
          </button>
        ) : null}
        <span class="fine" role="status">
          {told.value}
        </span>
      </div>
      <Queue items={items.value} isPending={status.value === "pending"} act={act} />
      {next.value ? (
        <button type="button" class="outline" onClick={() => void load(next.value)}>
          {words.value.more}
        </button>
      ) : null}
    </section>
  );
}

function Queue(props: {
  items: Label[] | null;
  isPending: boolean;
  act: (path: string, body?: unknown) => Promise<unknown>;
}) {
  const w = labelWords.value;
  if (!props.items) return <p class="empty">{words.value.loading}</p>;
  if (!props.items.length)
    return (
      <div class="empty">
        <p>{props.isPending ? w.nothingToReview : w.nothing}</p>
        {props.isPending ? <p class="fine">{w.nothingToReviewMore}</p> : null}
      </div>
    );
  return (
    <ul class="cards">
      {props.items.map((item) => (
        <LabelItem key={item.id} item={item} act={props.act} />
      ))}
    </ul>
  );
}
