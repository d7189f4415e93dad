// Asks before a model is changed: what will happen, and why it is done.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { fill } from "../shared/format.ts";
import type { Act } from "./models.ts";
import { words } from "./words.ts";

export interface Question {
  act: Act;
  version: string;
}

export function ConfirmAct(props: {
  question: Question | null;
  onYes: (question: Question, reason: string) => void;
  onNo: () => void;
}) {
  const w = words.value.modelPage;
  const { question } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const reason = useSignal("");

  useEffect(() => {
    reason.value = "";
    if (question) dialog.current?.showModal();
    else dialog.current?.close();
  }, [question]);

  const asksWhy = question?.act === "force" || question?.act === "rollback";
  return (
    <dialog ref={dialog} aria-labelledby="act-title" onClose={props.onNo}>
      {question ? (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            props.onYes(question, reason.value.trim());
          }}
        >
          <h2 id="act-title">{w.acts[question.act]}</h2>
          <p>{fill(w.meanings[question.act] ?? "", { version: question.version })}</p>
          {asksWhy ? (
            <label class="why">
              {question.act === "force" ? w.reasonNeeded : w.reason}
              <textarea
                rows={2}
                maxLength={500}
                required={question.act === "force"}
                value={reason.value}
                onInput={(event) => {
                  reason.value = event.currentTarget.value;
                }}
              />
            </label>
          ) : null}
          <div class="row">
            <button type="submit" class="solid">
              {w.acts[question.act]}
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
