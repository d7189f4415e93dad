// The line to write on. Enter sends, Shift+Enter breaks, an input method's Enter does neither.

import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { fill } from "../shared/format.ts";
import { isSendKey } from "../shared/keys.ts";
import { send } from "./actions.ts";
import { Icon } from "./icons.tsx";
import { feed, focusInput, unsent } from "./store.ts";
import { words } from "./words.ts";

const LIMIT = 4000;

export function MessageInput() {
  const w = words.value;
  const text = useSignal("");
  const box = useRef<HTMLTextAreaElement>(null);
  const isTooLong = text.value.length > LIMIT;

  useEffect(() => {
    if (focusInput.value) box.current?.focus();
  }, [focusInput.value]);

  useEffect(() => {
    if (unsent.value === null) return;
    text.value = unsent.value;
    unsent.value = null;
  }, [unsent.value]);

  useLayoutEffect(() => {
    const el = box.current;
    if (!el) return;
    el.style.height = "auto";
    el.style.height = `${Math.min(el.scrollHeight + 2, 132)}px`;
  }, [text.value]);

  function submit(event?: Event) {
    event?.preventDefault();
    if (!text.value.trim() || isTooLong) return;
    const words = text.value;
    text.value = "";
    void send(words);
    box.current?.focus();
  }

  return (
    <form class="composer" onSubmit={submit}>
      <textarea
        ref={box}
        rows={1}
        value={text.value}
        placeholder={w.placeholder}
        aria-label={w.placeholder}
        aria-invalid={isTooLong}
        aria-describedby={isTooLong ? "too-long" : undefined}
        onInput={(event) => {
          text.value = event.currentTarget.value;
          feed.value?.typing(text.value !== "");
        }}
        onKeyDown={(event) => {
          if (isSendKey(event)) submit(event);
        }}
      />
      <button
        type="submit"
        class="send"
        aria-label={w.send}
        disabled={!text.value.trim() || isTooLong}
      >
        <Icon name="send" size={22} />
      </button>
      {isTooLong ? (
        <p id="too-long" class="limit" role="alert">
          {fill(w.tooLong, { n: LIMIT })}
        </p>
      ) : null}
    </form>
  );
}
