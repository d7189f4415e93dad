// The website of an invented bank with the chat on it: one script tag and one identify() call.

import "./demo.css";
import { effect } from "@preact/signals";
import { render } from "preact";
import { recall } from "../shared/api.ts";
import { followLocale, locale, toLocale } from "../shared/i18n/locale.ts";
import { lookAtPhone, signInAgain } from "./customer.ts";
import { LANGUAGE_KEY, Website } from "./Website.tsx";
import { words } from "./words.ts";

const POLL_MS = 2_500;

locale.value = toLocale(recall(LANGUAGE_KEY)) ?? toLocale(navigator.language) ?? "en";
followLocale();
effect(() => {
  document.title = words.value.bank;
});
signInAgain();
setInterval(lookAtPhone, POLL_MS);
const app = document.getElementById("app");
if (app) render(<Website />, app);
