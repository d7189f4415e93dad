// The language of the panel: the customer's own choice before the page's and the browser's.

import { recall, remember } from "../shared/api.ts";
import { locale, toLocale } from "../shared/i18n/locale.ts";
import * as host from "./host.ts";

const LANGUAGE_KEY = "switchboard:language";

export function chooseLanguage(): void {
  locale.value =
    toLocale(recall(LANGUAGE_KEY)) ??
    toLocale(host.settings.language) ??
    toLocale(navigator.language) ??
    "en";
}

export function setLanguage(next: "en" | "zh"): void {
  locale.value = next;
  remember(LANGUAGE_KEY, next);
}

/** The page's language counts when it changes; until then the customer's own choice holds. */
export function followPage(wanted: string): void {
  const next = toLocale(wanted);
  if (next && host.settings.language !== wanted) setLanguage(next);
  host.settings.language = wanted;
}
