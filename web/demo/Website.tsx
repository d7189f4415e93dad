// The pages of Lantern Bank: promises, products, rates. Knows the chat only as something to open.

import { remember } from "../shared/api.ts";
import { fill } from "../shared/format.ts";
import { locale } from "../shared/i18n/locale.ts";
import { customer } from "./customer.ts";
import { Lighthouse } from "./Lighthouse.tsx";
import { Phone } from "./Phone.tsx";
import { SignIn } from "./SignIn.tsx";
import { widget } from "./widget.ts";
import { words } from "./words.ts";

export const LANGUAGE_KEY = "lantern:language";

export function Website() {
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

function switchLanguage(): void {
  locale.value = locale.value === "zh" ? "en" : "zh";
  remember(LANGUAGE_KEY, locale.value);
  widget("setLanguage", locale.value);
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
