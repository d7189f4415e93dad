// Who is on the other side, the language switch, the menu, and the door to a person.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { duration, fill } from "../shared/format.ts";
import { locale } from "../shared/i18n/locale.ts";
import { resolve, talkToPerson } from "./actions.ts";
import { leave } from "./following.ts";
import { isEmbedded, settings, tell } from "./host.ts";
import { Icon } from "./icons.tsx";
import { setLanguage } from "./language.ts";
import { conversation, feed } from "./store.ts";
import { words } from "./words.ts";

export function Header() {
  const w = words.value;
  const title = locale.value === "zh" ? settings.titleZh : settings.title;
  return (
    <header class="top">
      <div class="who">
        <Lamp />
        <div>
          <h1 lang={locale.value === "zh" ? "zh-CN" : "en"}>
            {title ? fill(w.fromBank, { name: title }) : w.chat}
          </h1>
          <p>{statusLine()}</p>
        </div>
        <button
          type="button"
          class="round language"
          aria-label={w.otherLanguageLabel}
          lang={locale.value === "zh" ? "en" : "zh-CN"}
          onClick={() => setLanguage(locale.value === "zh" ? "en" : "zh")}
        >
          {w.otherLanguage}
        </button>
        <Menu />
        {isEmbedded ? (
          <button
            type="button"
            class="round"
            aria-label={w.close}
            onClick={() => tell({ type: "close" })}
          >
            <Icon name="close" />
          </button>
        ) : null}
      </div>
      <PersonStrip />
    </header>
  );
}

function statusLine(): string {
  const w = words.value;
  const c = conversation.value;
  if (c?.status === "resolved") return w.finished;
  if (c?.assignee) return fill(w.withPerson, { name: c.assignee.name });
  return c?.status === "open" ? w.inQueue : w.answersAtOnce;
}

/** The operator's lamp: steady while the assistant is on the line, warm while someone waits. */
function Lamp() {
  const c = conversation.value;
  const state = c?.status === "open" ? (c.assignee ? "with-person" : "waiting") : "assistant";
  return (
    <span class={`lamp ${state}`} aria-hidden="true">
      <i />
    </span>
  );
}

function PersonStrip() {
  const w = words.value;
  const c = conversation.value;
  if (c?.status === "resolved") return null;
  if (c?.status !== "open")
    return (
      <button type="button" class="ask-person" onClick={() => void talkToPerson()}>
        <Icon name="person" size={18} />
        {w.talkToPerson}
      </button>
    );
  if (c.assignee) return null;
  const { position, estimated_wait_seconds: wait } = c.handoff ?? {};
  const place = position === 1 ? w.next : position ? fill(w.position, { n: position }) : "";
  return (
    <p class="queue" role="status">
      <strong>{w.askedForPerson}</strong> {place}{" "}
      {wait ? fill(w.wait, { time: duration(wait, locale.value) }) : ""} {w.canWrite}
    </p>
  );
}

function Menu() {
  const w = words.value;
  const isOpen = useSignal(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!isOpen.value) return;
    box.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    const leaveMenu = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) isOpen.value = false;
    };
    addEventListener("pointerdown", leaveMenu);
    return () => removeEventListener("pointerdown", leaveMenu);
  }, [isOpen.value]);

  function onKeyDown(event: KeyboardEvent) {
    const items = [...(box.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    if (event.key === "Escape" && isOpen.value) {
      isOpen.value = false;
      button.current?.focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      items[(at + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length]?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function choose(action: () => void) {
    isOpen.value = false;
    action();
  }

  const canEnd = feed.value !== null && conversation.value?.status !== "resolved";
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the menu inside
    <div class="menu" ref={box} onKeyDown={onKeyDown}>
      <button
        ref={button}
        type="button"
        class="round"
        aria-label={w.menu}
        aria-haspopup="menu"
        aria-expanded={isOpen.value}
        onClick={() => {
          isOpen.value = !isOpen.value;
        }}
      >
        <Icon name="more" />
      </button>
      {isOpen.value ? (
        <div role="menu" aria-label={w.menu}>
          <button type="button" role="menuitem" onClick={() => choose(leave)}>
            {w.newConversation}
          </button>
          {canEnd ? (
            <button type="button" role="menuitem" onClick={() => choose(() => void resolve())}>
              {w.endConversation}
            </button>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}
