// The customer's phone in a corner: the texts that carry one-time codes.

import { signal } from "@preact/signals";
import { clock } from "../shared/format.ts";
import { locale } from "../shared/i18n/locale.ts";
import { customer, now, texts } from "./customer.ts";
import { words } from "./words.ts";

const BANNER_MS = 20_000; // on a small screen a text covers the chat; it leaves again
const isPhoneShown = signal(true);

export function Phone() {
  const w = words.value;
  if (!customer.value) return null;
  if (!isPhoneShown.value)
    return (
      <button
        type="button"
        class="phone-show"
        onClick={() => {
          isPhoneShown.value = true;
        }}
      >
        {w.phoneOpen}
      </button>
    );
  const newest = [...texts.value].sort((a, b) => b.sent_at.localeCompare(a.sent_at)).slice(0, 3);
  const isOld = !newest[0] || now.value - Date.parse(newest[0].sent_at) > BANNER_MS;
  return (
    <aside class={`phone ${isOld ? "old" : ""}`} aria-label={w.phone}>
      <div class="phone-top">
        <span>{w.phone}</span>
        <button
          type="button"
          aria-label={w.phoneClose}
          onClick={() => {
            isPhoneShown.value = false;
          }}
        >
          <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
            <path d="M3 3l10 10M13 3 3 13" />
          </svg>
        </button>
      </div>
      <div role="log" aria-label={w.phone}>
        {newest.length ? null : <p class="phone-none">{w.phoneEmpty}</p>}
        {newest.map((text) => (
          <p key={text.sent_at + text.text} class="text">
            <b>{w.bank}</b> <time dateTime={text.sent_at}>{clock(text.sent_at, locale.value)}</time>
            <br />
            {text.text}
          </p>
        ))}
      </div>
    </aside>
  );
}
