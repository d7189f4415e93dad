// One label: the text, what it is said to mean, what is like it, and the reviewer's answer.

import { useSignal } from "@preact/signals";
import { dayAndClock, fill, percent } from "../shared/format.ts";
import { locale } from "../shared/i18n/locale.ts";
import type { Label, Neighbour } from "../shared/labels.ts";
import { labelWords, meaning } from "./labelWords.ts";
import { me } from "./state.ts";
import { named, words } from "./words.ts";

type Act = (path: string, body?: unknown) => Promise<unknown>;

export function LabelItem({ item, act }: { item: Label; act: Act }) {
  const w = labelWords.value;
  const draft = useSignal<string | null>(null);
  return (
    <li class={`label-card ${item.conflict ?? ""}`}>
      <div class="label-said">
        {draft.value === null ? (
          <p class="quote" lang={item.language === "zh" ? "zh-CN" : "en"}>
            {item.text}
          </p>
        ) : (
          <textarea
            rows={2}
            aria-label={w.editLabel}
            value={draft.value}
            onInput={(event) => {
              draft.value = event.currentTarget.value;
            }}
          />
        )}
        <p class="meant">
          <strong>{meaning(item.intent)}</strong>
          <span class="fine">
            {item.kind === "confirmed"
              ? w.confirmed
              : fill(w.instead, { intent: meaning(item.decided_intent) })}
          </span>
        </p>
        <p class="fine">
          {fill(w.by, {
            name: item.labelled_by.name,
            time: dayAndClock(item.created_at, locale.value),
          })}
          {" · "}
          {named(words.value.languages, item.language)}
          {" · "}
          {named(words.value.channels, item.channel)}
          {" · "}
          <a href={`/console/conversations/${item.conversation_id}`}>{w.inConversation}</a>
        </p>
        <Notices item={item} />
        <Alike neighbours={item.neighbours} />
      </div>
      {item.reviewable ? <Answers item={item} act={act} draft={draft} /> : null}
    </li>
  );
}

function Notices({ item }: { item: Label }) {
  const w = labelWords.value;
  const isOwn = item.status === "pending" && item.labelled_by.actor === `staff:${me.value?.id}`;
  const notices: [string, string | null][] = [
    ["warn", item.conflict === "same" ? w.sameText : null],
    ["warn", item.conflict === "near" ? w.nearText : null],
    ["warn", item.needs_context ? w.needsContext : null],
    ["note", item.duplicate ? w.duplicate : null],
    [
      "note",
      item.placeholders.length ? fill(w.masked, { parts: item.placeholders.join(" ") }) : null,
    ],
    [
      "note",
      item.text === item.original_text ? null : fill(w.edited, { text: item.original_text }),
    ],
    ["note", item.note],
    ["note", isOwn ? w.ownLabel : null],
    ["note", reviewed(item)],
  ];
  return (
    <>
      {notices.map(([kind, text]) =>
        text ? (
          <p key={text} class={`notice ${kind}`}>
            {text}
          </p>
        ) : null,
      )}
    </>
  );
}

function reviewed(item: Label): string | null {
  if (!item.reviewed_by || !item.reviewed_at) return null;
  const w = labelWords.value;
  return fill(w.reviewedBy, {
    status: named(w.statuses, item.status),
    name: item.reviewed_by.name,
    time: dayAndClock(item.reviewed_at, locale.value),
  });
}

function Alike({ neighbours }: { neighbours: Neighbour[] }) {
  const w = labelWords.value;
  const shown = neighbours.slice(0, 4);
  if (!shown.length) return null;
  return (
    <ul class="alike">
      {shown.map((one) => (
        <li key={`${one.label_id}${one.text}${one.intent}`} class={one.agrees ? "" : "against"}>
          <span class="alike-text">{one.text}</span>
          <strong>{meaning(one.intent)}</strong>
          <span class="fine">
            {one.source === "training"
              ? w.fromTraining
              : fill(w.fromLabel, { status: named(w.statuses, one.status) })}
            {" · "}
            {fill(w.percentAlike, { value: percent(one.similarity, locale.value, 0) })}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Answers(props: { item: Label; act: Act; draft: { value: string | null } }) {
  const w = labelWords.value;
  const { item, act, draft } = props;
  const isEditing = draft.value !== null;
  const accept = () =>
    act(`${item.id}/accept`, {
      ...(draft.value === null ? {} : { text: draft.value }),
      despite_conflict: item.conflict === "same",
    });
  return (
    <div class="label-acts">
      <button
        type="button"
        class="solid"
        disabled={isEditing && !draft.value?.trim()}
        onClick={() => void accept()}
      >
        {item.conflict === "same" ? w.acceptAnyway : w.accept}
      </button>
      <button type="button" class="outline" onClick={() => void act(`${item.id}/reject`)}>
        {w.reject}
      </button>
      <button
        type="button"
        class="link"
        onClick={() => {
          draft.value = isEditing ? null : item.text;
        }}
      >
        {isEditing ? w.cancel : w.edit}
      </button>
    </div>
  );
}
