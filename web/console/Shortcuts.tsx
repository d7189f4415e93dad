// Keys of the desk, and the page that lists them. Off while one writes; can be switched off for good.

import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { go } from "../shared/router.ts";
import { hasKeys, isHelpOpen, listed, place, setKeys } from "./state.ts";
import { words } from "./words.ts";

/** What the open conversation lets a key do. */
export const actions = signal<{ accept?: () => Promise<void>; resolve?: () => Promise<void> }>({});
export const composerMode = signal<{ mode: "reply" | "note"; focus: boolean }>({
  mode: "reply",
  focus: false,
});

const PLACES: Record<string, string> = { q: "queue", m: "mine", c: "all", s: "analytics" };
let isGoing = false;

export function followKeys(): void {
  addEventListener("keydown", (event) => {
    const target = event.target as HTMLElement;
    const isWriting = target.closest?.("input, textarea, select, [contenteditable], dialog[open]");
    const isCombined = event.ctrlKey || event.metaKey || event.altKey;
    if (!hasKeys.value || isWriting || isCombined || event.isComposing || event.keyCode === 229)
      return;
    if (press(event.key)) event.preventDefault();
  });
}

function press(key: string): boolean {
  if (isGoing) {
    isGoing = false;
    const view = PLACES[key];
    if (view) go(`/console/${view}`);
    return view !== undefined;
  }
  switch (key) {
    case "j":
      return step(1);
    case "k":
      return step(-1);
    case "a":
      void actions.value.accept?.();
      return true;
    case "e":
      void actions.value.resolve?.();
      return true;
    case "r":
    case "n":
      composerMode.value = { mode: key === "n" ? "note" : "reply", focus: true };
      return true;
    case "g":
      isGoing = true;
      return true;
    case "?":
      isHelpOpen.value = true;
      return true;
    default:
      return false;
  }
}

function step(by: number): boolean {
  const ids = listed.value;
  if (!ids.length) return false;
  const { view, id } = place.value;
  const at = id ? ids.indexOf(id) : -1;
  const next =
    at === -1 ? (by > 0 ? 0 : ids.length - 1) : Math.min(ids.length - 1, Math.max(0, at + by));
  go(`/console/${view}/${ids[next]}`);
  return true;
}

export function Shortcuts() {
  const w = words.value;
  const dialog = useRef<HTMLDialogElement>(null);

  useEffect(() => {
    if (isHelpOpen.value) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isHelpOpen.value]);

  return (
    <dialog
      ref={dialog}
      aria-labelledby="keys-title"
      onClose={() => {
        isHelpOpen.value = false;
      }}
    >
      <h2 id="keys-title">{w.shortcuts}</h2>
      <dl class="keys">
        {Object.entries(w.keys).map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <label class="check">
        <input
          type="checkbox"
          checked={hasKeys.value}
          onChange={(event) => setKeys(event.currentTarget.checked)}
        />
        {w.keysOn}
      </label>
      <form method="dialog">
        <button type="submit" class="solid">
          {w.close}
        </button>
      </form>
    </dialog>
  );
}
