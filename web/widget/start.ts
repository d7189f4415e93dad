// How the panel begins, and what the bank's page may tell it. Knows no markup.

import { effect } from "@preact/signals";
import { remember } from "../shared/api.ts";
import { resume } from "./actions.ts";
import type { ToPanel } from "./bridge.ts";
import { leave, markRead, refreshQueuePlace, unread } from "./following.ts";
import * as host from "./host.ts";
import { identifyAgain, takeProof } from "./identity.ts";
import { chooseLanguage, followPage } from "./language.ts";
import { forgetSession, restoreSession } from "./session.ts";
import { focusInput, isVisible, RATED_KEY, rated, session } from "./store.ts";

const QUEUE_REFRESH_MS = 12_000;

/** Begin, or pick up where this tab was before a reload. */
export async function start(): Promise<void> {
  restoreSession();
  const wasIdentified = session.value?.level === "identified";
  chooseLanguage();
  host.listen(onHostMessage);
  host.tell({ type: "ready" });
  effect(() => {
    host.tell({ type: "unread", count: isVisible.value ? 0 : unread() });
  });
  setInterval(refreshQueuePlace, QUEUE_REFRESH_MS);
  document.addEventListener("visibilitychange", markRead);
  if (host.settings.hasIdentity && !wasIdentified) await identifyAgain();
  await resume();
}

function onHostMessage(message: ToPanel): void {
  switch (message.type) {
    case "opened":
      isVisible.value = true;
      focusInput.value += 1;
      markRead();
      break;
    case "closed":
      isVisible.value = false;
      break;
    case "identify":
      takeProof(message.token);
      break;
    case "logout":
      forget();
      break;
    case "language":
      followPage(message.locale);
  }
}

/** Sign-out on a shared computer: nothing of the customer stays in this tab. */
function forget(): void {
  leave();
  forgetSession();
  rated.value = null;
  remember(RATED_KEY, null);
}
