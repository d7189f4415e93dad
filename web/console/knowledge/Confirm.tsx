// Asks before customers read something else: what will happen, and what has to be said with it.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { dateAndClock, fill } from "../../shared/format.ts";
import { locale } from "../../shared/i18n/locale.ts";
import type { Publication } from "../../shared/knowledge.ts";
import type { Act } from "./article.ts";
import { knowledgeWords } from "./words.ts";

export interface Answer {
  reason: string;
  scheduled: string; // replace | keep, where another version waits
}

export function Confirm(props: {
  act: Act | null;
  version: number;
  meaning: string;
  pending: Publication | null;
  onYes: (answer: Answer) => void;
  onNo: () => void;
}) {
  const w = knowledgeWords.value;
  const { act, pending } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const reason = useSignal("");
  const scheduled = useSignal("replace");

  useEffect(() => {
    reason.value = "";
    scheduled.value = "replace";
    if (act) dialog.current?.showModal();
    else dialog.current?.close();
  }, [act]);

  const title = fill(w.ask[act ?? ""] ?? "", { n: props.version });
  return (
    <dialog ref={dialog} aria-labelledby="confirm-title" onClose={props.onNo}>
      {act ? (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            props.onYes({
              reason: reason.value.trim(),
              scheduled: pending ? scheduled.value : "",
            });
          }}
        >
          <h2 id="confirm-title">{title}</h2>
          <p>{fill(props.meaning, { n: props.version })}</p>
          {act === "reject" ? (
            <label class="why">
              {w.reason}
              <textarea
                rows={3}
                maxLength={2000}
                required
                value={reason.value}
                onInput={(event) => {
                  reason.value = event.currentTarget.value;
                }}
              />
            </label>
          ) : null}
          {pending ? <Pending pending={pending} scheduled={scheduled} /> : null}
          <div class="row">
            <button type="submit" class={act === "remove" ? "solid danger" : "solid"}>
              {title}
            </button>
            <button type="button" class="outline" onClick={props.onNo}>
              {w.cancel}
            </button>
          </div>
        </form>
      ) : null}
    </dialog>
  );
}

function Pending(props: { pending: Publication; scheduled: { value: string } }) {
  const w = knowledgeWords.value;
  const { pending, scheduled } = props;
  const options = [
    ["replace", w.pendingReplace],
    ["keep", w.pendingKeep],
  ];
  return (
    <fieldset class="pending">
      <legend>
        {fill(w.pendingTitle, {
          n: pending.version,
          time: dateAndClock(pending.shown_from, locale.value),
        })}
      </legend>
      {options.map(([value = "", text]) => (
        <label key={value} class="check">
          <input
            type="radio"
            name="scheduled"
            checked={scheduled.value === value}
            onChange={() => {
              scheduled.value = value;
            }}
          />
          {text}
        </label>
      ))}
    </fieldset>
  );
}
