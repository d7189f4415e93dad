// The door of the console.

import { useSignal } from "@preact/signals";
import { Problem } from "../shared/api.ts";
import { duration, fill } from "../shared/format.ts";
import { locale } from "../shared/i18n/locale.ts";
import { Board } from "./icons.tsx";
import { setLanguage, signIn } from "./state.ts";
import { words } from "./words.ts";

export function SignIn() {
  const w = words.value;
  const error = useSignal("");
  const isBusy = useSignal(false);

  async function submit(event: SubmitEvent) {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    isBusy.value = true;
    error.value = "";
    try {
      await signIn(String(form.get("email")), String(form.get("password")));
    } catch (problem) {
      error.value = explain(problem);
    }
    isBusy.value = false;
  }

  return (
    <main class="door">
      <div class="door-art" aria-hidden="true">
        <Board />
      </div>
      <form onSubmit={(event) => void submit(event)}>
        <p class="product">{w.product}</p>
        <h1>{w.signInTitle}</h1>
        <label>
          {w.email}
          <input name="email" type="email" autoComplete="username" required />
        </label>
        <label>
          {w.password}
          <input name="password" type="password" autoComplete="current-password" required />
        </label>
        <p class="error" role="alert">
          {error.value}
        </p>
        <button type="submit" class="solid" disabled={isBusy.value}>
          {w.signIn}
        </button>
        <button
          type="button"
          class="link"
          lang={locale.value === "zh" ? "en" : "zh-CN"}
          onClick={() => setLanguage(locale.value === "zh" ? "en" : "zh")}
        >
          {w.otherLanguage}
        </button>
      </form>
    </main>
  );
}

function explain(problem: unknown): string {
  const w = words.value;
  if (!(problem instanceof Problem) || problem.status === 0 || problem.status >= 500)
    return w.unreachable;
  if (problem.status === 429)
    return fill(w.tooMany, { time: duration(problem.retryAfter ?? 60, locale.value) });
  return w.wrongPassword;
}
