// The demo bank's sign-in: choose one of its invented customers.

import { useEffect, useRef } from "preact/hooks";
import { customer, customers, hasFailed, loadCustomers, signIn, signOut } from "./customer.ts";
import { words } from "./words.ts";

export function SignIn() {
  const w = words.value;
  const box = useRef<HTMLDetailsElement>(null);
  const who = customer.value;

  useEffect(() => {
    const shut = (event: Event) => {
      const isKey = event instanceof KeyboardEvent;
      if (isKey ? event.key === "Escape" : !box.current?.contains(event.target as Node))
        box.current?.removeAttribute("open");
    };
    addEventListener("pointerdown", shut);
    addEventListener("keydown", shut);
    return () => {
      removeEventListener("pointerdown", shut);
      removeEventListener("keydown", shut);
    };
  }, []);

  function choose(action: () => void) {
    box.current?.removeAttribute("open");
    box.current?.querySelector("summary")?.focus();
    action();
  }

  return (
    <details
      class="signin"
      ref={box}
      onToggle={() => {
        if (box.current?.open && !customers.value) void loadCustomers();
      }}
    >
      <summary>{who ? who.name : w.signIn}</summary>
      <div class="drop">
        {who ? (
          <button type="button" onClick={() => choose(signOut)}>
            {w.signOut}
          </button>
        ) : null}
        <p>{w.signInAs}</p>
        {(customers.value ?? []).map((one) => (
          <button
            key={one.id}
            type="button"
            aria-pressed={one.id === who?.id}
            onClick={() => choose(() => signIn(one))}
          >
            <span class="avatar" aria-hidden="true">
              {one.name.charAt(0)}
            </span>
            {one.name}
            <small>{one.locale === "zh" ? "中文" : "English"}</small>
          </button>
        ))}
        {hasFailed.value ? <p role="alert">{w.signInFailed}</p> : null}
        <p class="fine">{w.signInNote}</p>
      </div>
    </details>
  );
}
