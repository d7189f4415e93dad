// Which language the page speaks. The dictionaries stand beside it, one pair per page.

import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { Locale } from "../api.ts";

export const locale = signal<Locale>("en");

/** Anything the browser or the host page says, narrowed to the two languages we speak. */
export function toLocale(tag: string | null | undefined): Locale | null {
  if (!tag) return null;
  const language = tag.toLowerCase().split(/[-_]/)[0];
  return language === "zh" || language === "en" ? language : null;
}

/** The dictionary of the current language; both have the same type, so no key can be missing. */
export function dictionary<T>(en: T, zh: T): ReadonlySignal<T> {
  return computed(() => (locale.value === "zh" ? zh : en));
}

/** Keep <html lang> true, so that screen readers and fonts follow. */
export function followLocale(): void {
  effect(() => {
    document.documentElement.lang = locale.value === "zh" ? "zh-CN" : "en";
  });
}
