// The left rail: views with live counts, my status, language, theme, keys, sign-out.

import { locale } from "../shared/i18n/locale.ts";
import { Icon, type IconName, Logo } from "./icons.tsx";
import {
  isHelpOpen,
  maySee,
  me,
  mine,
  place,
  presence,
  setLanguage,
  setPresence,
  signOut,
  switchTheme,
  type View,
  waiting,
} from "./state.ts";
import { words } from "./words.ts";

export function Rail() {
  const w = words.value;
  return (
    <header class="rail">
      <a class="home" href="/console" aria-label={w.product}>
        <Logo />
        <span>{w.product}</span>
      </a>
      <nav aria-label={w.navigation}>
        {maySee("queue") ? (
          <>
            <Entry view="queue" icon="queue" label={w.queue} count={waiting.value?.length} isLit />
            <Entry view="mine" icon="mine" label={w.mine} count={mine.value?.length} />
            <Entry view="all" icon="all" label={w.all} />
          </>
        ) : null}
        {maySee("knowledge") ? (
          <Entry view="knowledge" icon="knowledge" label={w.knowledge} />
        ) : null}
        {maySee("labels") ? <Entry view="labels" icon="labels" label={w.labels} /> : null}
        {maySee("analytics") ? (
          <Entry view="analytics" icon="analytics" label={w.analytics} />
        ) : null}
        {maySee("fairness") ? <Entry view="fairness" icon="fairness" label={w.fairness} /> : null}
        {maySee("audit") ? <Entry view="audit" icon="audit" label={w.audit} /> : null}
        {maySee("models") ? <Entry view="models" icon="models" label={w.models} /> : null}
      </nav>
      <div class="rail-foot">
        <label class={`presence ${presence.value}`}>
          <span class="unseen">{w.presence}</span>
          <i aria-hidden="true" />
          <select
            value={presence.value}
            onChange={(event) => void setPresence(event.currentTarget.value)}
          >
            {Object.entries(w.presences).map(([key, label]) => (
              <option key={key} value={key}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <p class="who">{me.value?.name}</p>
        <div class="tools">
          <button
            type="button"
            class="word"
            aria-label={w.otherLanguageLabel}
            lang={locale.value === "zh" ? "en" : "zh-CN"}
            onClick={() => setLanguage(locale.value === "zh" ? "en" : "zh")}
          >
            {w.otherLanguage}
          </button>
          <button type="button" aria-label={w.theme} title={w.theme} onClick={switchTheme}>
            <Icon name="theme" size={18} />
          </button>
          <button
            type="button"
            aria-label={w.shortcuts}
            title={w.shortcuts}
            onClick={() => {
              isHelpOpen.value = true;
            }}
          >
            <Icon name="help" size={18} />
          </button>
          <button
            type="button"
            aria-label={w.signOut}
            title={w.signOut}
            onClick={() => void signOut()}
          >
            <Icon name="out" size={18} />
          </button>
        </div>
      </div>
    </header>
  );
}

function Entry(props: {
  view: View;
  icon: IconName;
  label: string;
  count?: number | undefined;
  isLit?: boolean;
}) {
  const isHere = place.value.view === props.view;
  return (
    <a href={`/console/${props.view}`} aria-current={isHere ? "page" : undefined}>
      <Icon name={props.icon} />
      <span>{props.label}</span>
      {props.count ? <b class={props.isLit ? "lit" : ""}>{props.count}</b> : null}
    </a>
  );
}
