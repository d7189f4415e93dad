// The website of an invented bank with the chat on it: one script tag and one identify() call.

import "./demo.css";
import { effect, signal } from "@preact/signals";
import { render } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { buildCall, type Page, recall, remember } from "../shared/api.ts";
import { clock, fill } from "../shared/format.ts";
import { followLocale, locale, toLocale } from "../shared/i18n/locale.ts";
import { Lighthouse } from "./Lighthouse.tsx";
import { words } from "./words.ts";

interface DemoCustomer {
  id: string;
  name: string;
  locale: string;
}

interface Text {
  text: string;
  sent_at: string;
}

interface Widget {
  push: (...commands: [string, ...unknown[]][]) => unknown;
}

const CUSTOMER_KEY = "lantern:customer";
const LANGUAGE_KEY = "lantern:language";
const POLL_MS = 2_500;
const BANNER_MS = 20_000; // on a small screen a text covers the chat; it leaves again

const call = buildCall(() => ({}));
const customers = signal<DemoCustomer[] | null>(null);
const hasFailed = signal(false);
const customer = signal<DemoCustomer | null>(null);
const texts = signal<Text[]>([]);
const now = signal(Date.now());

/** Works before the loader has come (a queue) and after (its API). */
function widget(...command: [string, ...unknown[]]): void {
  const host = window as unknown as { Switchboard?: Widget | unknown[] };
  host.Switchboard ??= [];
  (host.Switchboard as Widget).push(command);
}

async function loadCustomers(): Promise<void> {
  try {
    customers.value = (await call<Page<DemoCustomer>>("GET", "/demo/customers")).items;
    hasFailed.value = false;
  } catch {
    hasFailed.value = true;
  }
}

function signIn(who: DemoCustomer): void {
  customer.value = who;
  texts.value = [];
  remember(CUSTOMER_KEY, JSON.stringify(who));
  // the bank's own back end signs who the customer is; a fresh proof whenever the chat needs one
  widget("identify", async () => {
    const body = { customer_id: who.id };
    return (await call<{ identity_token: string }>("POST", "/demo/identity", body)).identity_token;
  });
}

function signOut(): void {
  customer.value = null;
  texts.value = [];
  remember(CUSTOMER_KEY, null);
  widget("logout");
}

function switchLanguage(): void {
  locale.value = locale.value === "zh" ? "en" : "zh";
  remember(LANGUAGE_KEY, locale.value);
  widget("setLanguage", locale.value);
}

async function lookAtPhone(): Promise<void> {
  now.value = Date.now();
  const who = customer.value;
  if (!who || document.visibilityState !== "visible") return;
  try {
    const path = `/demo/phone?customer_id=${encodeURIComponent(who.id)}`;
    const found = await call<Page<Text>>("GET", path);
    if (customer.value === who) texts.value = found.items;
  } catch {
    // the next look may find it
  }
}

function Bank() {
  const w = words.value;
  return (
    <>
      <a class="skip" href="#content">
        {w.skip}
      </a>
      <Top />
      <main id="content">
        <Hero />
        <Products />
        <Rates />
      </main>
      <footer class="foot">
        <div class="page">
          <p>
            <strong>{w.bank}</strong> {w.protection}
          </p>
          <p>
            {w.footer} <a href="/console">{w.console}</a>
          </p>
        </div>
      </footer>
      <Phone />
    </>
  );
}

function Top() {
  const w = words.value;
  return (
    <header class="bar">
      <div class="page">
        <a class="mark" href="/demo">
          <svg viewBox="0 0 32 32" width="34" height="34" aria-hidden="true">
            <path class="beam" d="M17 9 31 4v10z" />
            <path class="tower" d="M12 12h8l2.500 17h-13z" />
            <path class="tower" d="M11.500 6.500 16 3l4.500 3.500z" />
            <circle class="light" cx="16" cy="9" r="2.600" />
          </svg>
          {w.bank}
        </a>
        <nav aria-label={w.bank}>
          {w.nav.map((label) => (
            <a key={label} href="#products">
              {label}
            </a>
          ))}
        </nav>
        <button
          type="button"
          class="quiet"
          aria-label={w.otherLabel}
          lang={locale.value === "zh" ? "en" : "zh-CN"}
          onClick={switchLanguage}
        >
          {w.other}
        </button>
        <SignIn />
      </div>
    </header>
  );
}

function SignIn() {
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

function Hero() {
  const w = words.value;
  const who = customer.value;
  return (
    <section class="hero">
      <Lighthouse label={w.lighthouse} />
      <div class="page">
        <p class="kicker">{w.heroKicker}</p>
        <h1>{who ? fill(w.hello, { name: who.name }) : w.hero}</h1>
        <p class="lead">{who ? w.signedInText : w.heroText}</p>
        <p class="acts">
          <button type="button" class="bright" onClick={() => widget("open")}>
            {w.heroAction}
          </button>
          <a href="#rates">{w.heroSecond}</a>
        </p>
      </div>
    </section>
  );
}

function Products() {
  const w = words.value;
  return (
    <section class="page products" id="products">
      <h2>{w.productsTitle}</h2>
      <ul>
        {w.products.map((product) => (
          <li key={product.name}>
            <p class="kicker">{product.kicker}</p>
            <h3>{product.name}</h3>
            <p class="figure">
              <b>{product.figure}</b> <span>{product.unit}</span>
            </p>
            <p>{product.text}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Rates() {
  const w = words.value;
  return (
    <section class="page split" id="rates">
      <div>
        <h2>{w.ratesTitle}</h2>
        <table>
          <thead>
            <tr>
              {w.rateHead.map((head, i) => (
                <th key={i} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {w.rates.map((row) => (
              <tr key={row[0]}>
                {row.map((cell, i) => (
                  <td key={i}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        <p class="fine">{w.ratesNote}</p>
      </div>
      <div class="aside">
        <h2>{w.safeTitle}</h2>
        <p>{w.safeText}</p>
        <h2>{w.hoursTitle}</h2>
        <p>{w.hoursText}</p>
      </div>
    </section>
  );
}

const isPhoneShown = signal(true);

function Phone() {
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

locale.value = toLocale(recall(LANGUAGE_KEY)) ?? toLocale(navigator.language) ?? "en";
followLocale();
effect(() => {
  document.title = words.value.bank;
});
const kept = recall(CUSTOMER_KEY);
if (kept) signIn(JSON.parse(kept) as DemoCustomer);
setInterval(lookAtPhone, POLL_MS);
const app = document.getElementById("app");
if (app) render(<Bank />, app);
