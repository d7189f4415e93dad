// The end of a conversation: one rating with words, an optional comment, and two ways on.

import { useSignal } from "@preact/signals";
import { rate, reopen } from "./actions.ts";
import { leave } from "./following.ts";
import { conversation, rated } from "./store.ts";
import { words } from "./words.ts";

export function CsatPrompt() {
  const w = words.value;
  const rating = useSignal(0);
  const comment = useSignal("");
  const isRated = rated.value !== null && rated.value === conversation.value?.id;

  async function submit(event: Event) {
    event.preventDefault();
    if (rating.value) await rate(rating.value, comment.value);
  }

  return (
    <div class="ending">
      {isRated ? (
        <p role="status">
          {w.rateThanks}{" "}
          <button
            type="button"
            class="link"
            onClick={() => {
              rated.value = null;
            }}
          >
            {w.rateChange}
          </button>
        </p>
      ) : (
        <form onSubmit={(event) => void submit(event)}>
          <fieldset>
            <legend>{w.rateTitle}</legend>
            <div class="scale">
              {w.ratings.map((label, i) => (
                <label key={label} class={rating.value === i + 1 ? "chosen" : ""}>
                  <input
                    type="radio"
                    name="rating"
                    value={i + 1}
                    checked={rating.value === i + 1}
                    onChange={() => {
                      rating.value = i + 1;
                    }}
                  />
                  <b aria-hidden="true">{i + 1}</b>
                  <span>{label}</span>
                </label>
              ))}
            </div>
          </fieldset>
          {rating.value ? (
            <>
              <textarea
                rows={2}
                maxLength={1000}
                value={comment.value}
                placeholder={w.rateComment}
                aria-label={w.rateComment}
                onInput={(event) => {
                  comment.value = event.currentTarget.value;
                }}
              />
              <button type="submit" class="solid">
                {w.rateSubmit}
              </button>
            </>
          ) : null}
        </form>
      )}
      <p class="ways">
        <button type="button" class="link" onClick={() => void reopen()}>
          {w.reopen}
        </button>
        <button type="button" class="link" onClick={leave}>
          {w.newConversation}
        </button>
      </p>
    </div>
  );
}
