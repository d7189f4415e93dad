// Step-up inside the chat: the one-time code goes to its own address, never into a message.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Challenge } from "../shared/api.ts";
import { duration, fill } from "../shared/format.ts";
import { locale } from "../shared/i18n/locale.ts";
import { Icon } from "./icons.tsx";
import { type CodeAnswer, confirmCode, newCode } from "./verification.ts";
import { words } from "./words.ts";

const DIGITS = 6;

export function CodeForm({ challenge }: { challenge: Challenge }) {
  const w = words.value;
  const code = useSignal("");
  const answer = useSignal<CodeAnswer | "codeDigits" | null>(null);
  const isBusy = useSignal(false);
  const isSentAgain = useSignal(false);
  const now = useSignal(Date.now());
  const input = useRef<HTMLInputElement>(null);
  const left = (Date.parse(challenge.expires_at) - now.value) / 1000;
  const isOver = left <= 0;

  useEffect(() => {
    input.current?.focus();
    const timer = setInterval(() => {
      now.value = Date.now();
    }, 1000);
    return () => clearInterval(timer);
  }, []);

  async function submit(event?: Event) {
    event?.preventDefault();
    if (isBusy.value) return;
    if (code.value.length !== DIGITS) {
      answer.value = "codeDigits";
      return;
    }
    isBusy.value = true;
    answer.value = await confirmCode(challenge.challenge_id, code.value);
    isBusy.value = false;
    if (answer.value === "ok") return;
    code.value = "";
    input.current?.focus();
  }

  async function resend() {
    isBusy.value = true;
    isSentAgain.value = await newCode(challenge.action);
    answer.value = null;
    isBusy.value = false;
    input.current?.focus();
  }

  const action = w.actions[challenge.action] ?? w.someAction;
  const error = answer.value && answer.value !== "ok" ? w[answer.value] : isOver ? w.codeOver : "";
  return (
    <form class="code" aria-labelledby="code-title" onSubmit={(event) => void submit(event)}>
      <h2 id="code-title">
        <Icon name="shield" size={19} />
        {w.codeTitle}
      </h2>
      <p id="code-text">{fill(w.codeText, { to: challenge.sent_to, action })}</p>
      <div class="code-row">
        <input
          ref={input}
          value={code.value}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={DIGITS}
          aria-label={w.codeLabel}
          aria-describedby="code-text code-error"
          aria-invalid={error !== ""}
          placeholder="······"
          onInput={(event) => {
            code.value = event.currentTarget.value.replace(/\D/g, "").slice(0, DIGITS);
            event.currentTarget.value = code.value;
            if (code.value) answer.value = null;
          }}
        />
        <button type="submit" class="solid" disabled={isBusy.value || isOver}>
          {w.codeSubmit}
        </button>
      </div>
      <p id="code-error" class="error" role="alert">
        {error}
      </p>
      <p class="code-foot">
        <span>
          {isSentAgain.value ? `${w.codeSentAgain} ` : ""}
          {isOver ? "" : fill(w.codeLeft, { time: duration(left, locale.value) })}
        </span>
        <button type="button" class="link" disabled={isBusy.value} onClick={() => void resend()}>
          {w.codeResend}
        </button>
      </p>
      <p class="code-foot">{w.codeNever}</p>
    </form>
  );
}
