// The agent console: sign-in, the rail of views, and the page for each address.

import "./console.css";
import { effect } from "@preact/signals";
import { render } from "preact";
import { followLocale } from "../shared/i18n/locale.ts";
import { followLinks } from "../shared/router.ts";
import { Analytics } from "./Analytics.tsx";
import { Audit } from "./Audit.tsx";
import { Conversation } from "./Conversation.tsx";
import { Fairness } from "./Fairness.tsx";
import { KnowledgeDoor } from "./KnowledgeDoor.tsx";
import { Labels } from "./Labels.tsx";
import { List } from "./List.tsx";
import { Models } from "./Models.tsx";
import { Rail } from "./Rail.tsx";
import { followKeys, Shortcuts } from "./Shortcuts.tsx";
import { SignIn } from "./SignIn.tsx";
import { announced, begin, isKnown, me, place, refreshLists, trouble, waiting } from "./state.ts";
import { words } from "./words.ts";

function Console() {
  const w = words.value;
  if (!isKnown.value) return null;
  if (!me.value) return <SignIn />;
  const { view, id } = place.value;
  const isWide = !["queue", "mine", "all"].includes(view);
  return (
    <div class={`desk ${id ? "has-open" : ""} ${isWide ? "wide" : ""}`}>
      <a class="skip" href="#content">
        {w.skip}
      </a>
      <Rail />
      {isWide ? null : <List />}
      <main id="content" tabIndex={-1}>
        {trouble.value ? (
          <p class="trouble" role="alert">
            {w.failed.replace("{detail}", trouble.value)}
            <button
              type="button"
              onClick={() => {
                trouble.value = null;
              }}
            >
              {w.close}
            </button>
          </p>
        ) : null}
        {view === "analytics" ? <Analytics /> : null}
        {view === "fairness" ? <Fairness /> : null}
        {view === "audit" ? <Audit /> : null}
        {view === "knowledge" ? <KnowledgeDoor /> : null}
        {view === "labels" ? <Labels /> : null}
        {view === "models" ? <Models /> : null}
        {!isWide && id ? <Conversation key={id} id={id} /> : null}
        {isWide || id ? null : (
          <div class="nothing">
            <h2>{w.choose}</h2>
            <p>{w.chooseMore}</p>
          </div>
        )}
      </main>
      <Shortcuts />
      <div class="unseen" role="status">
        {announced.value}
      </div>
    </div>
  );
}

followLocale();
followLinks("/console");
followKeys();
// counts only: no customer's name in a tab's title
effect(() => {
  const count = waiting.value?.length ?? 0;
  document.title = count ? `(${count}) ${words.value.product}` : words.value.product;
});
effect(() => {
  if (place.value.view) void refreshLists();
});
const app = document.getElementById("app");
if (app) render(<Console />, app);
void begin();
