// The chat panel in its own iframe: puts the parts together, follows keys and colours.

import "./panel.css";
import { effect } from "@preact/signals";
import { render } from "preact";
import { contrastColour, isColour } from "../shared/format.ts";
import { followLocale } from "../shared/i18n/locale.ts";
import { Announcer } from "./Announcer.tsx";
import { CodeForm } from "./CodeForm.tsx";
import { CsatPrompt } from "./CsatPrompt.tsx";
import { Header } from "./Header.tsx";
import { settings, tell } from "./host.ts";
import { MessageInput } from "./MessageInput.tsx";
import { MessageList } from "./MessageList.tsx";
import { Notices } from "./Notices.tsx";
import { start } from "./start.ts";
import { conversation, pendingCode } from "./store.ts";
import { words } from "./words.ts";

function Panel() {
  const status = conversation.value?.status;
  const isResolved = status === "resolved";
  // once a person has the conversation, the assistant's question for a code is void
  const code = status === "pending" ? pendingCode.value : null;
  return (
    <main class="panel" aria-label={words.value.chat}>
      <Header />
      <Notices />
      <MessageList>
        {code ? <CodeForm key={code.challenge_id} challenge={code} /> : null}
      </MessageList>
      {isResolved ? <CsatPrompt /> : <MessageInput />}
      <Announcer />
    </main>
  );
}

if (isColour(settings.accent)) {
  document.documentElement.style.setProperty("--accent", settings.accent);
  document.documentElement.style.setProperty("--accent-ink", contrastColour(settings.accent));
  document.documentElement.classList.add("own-accent");
}
followLocale();
effect(() => {
  document.title = words.value.chat;
});
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented && !event.isComposing)
    tell({ type: "close" });
});
const app = document.getElementById("app");
if (app) render(<Panel />, app);
void start();
