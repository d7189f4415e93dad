// Numbers, times and names as people of each language write them. Pure: "now" is an argument.

import type { Locale } from "./api.ts";

const TAG: Record<Locale, string> = { en: "en-GB", zh: "zh-CN" };

export function clock(iso: string, locale: Locale): string {
  return new Intl.DateTimeFormat(TAG[locale], { hour: "2-digit", minute: "2-digit" }).format(
    new Date(iso),
  );
}

export function dayAndClock(iso: string, locale: Locale): string {
  return new Intl.DateTimeFormat(TAG[locale], {
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  }).format(new Date(iso));
}

export function exactTime(iso: string, locale: Locale): string {
  return new Intl.DateTimeFormat(TAG[locale], { dateStyle: "medium", timeStyle: "medium" }).format(
    new Date(iso),
  );
}

/** With its year: what was true last January is not true this one. */
export function dateAndClock(iso: string, locale: Locale): string {
  return new Intl.DateTimeFormat(TAG[locale], { dateStyle: "medium", timeStyle: "short" }).format(
    new Date(iso),
  );
}

/** A calendar day with its year. */
export function fullDay(day: string, locale: Locale): string {
  return new Intl.DateTimeFormat(TAG[locale], { dateStyle: "medium", timeZone: "UTC" }).format(
    new Date(`${day.slice(0, 10)}T12:00:00Z`),
  );
}

export function shortDay(day: string, locale: Locale): string {
  // a calendar day has no time zone; noon UTC keeps it that day everywhere people live
  return new Intl.DateTimeFormat(TAG[locale], {
    month: "short",
    day: "numeric",
    timeZone: "UTC",
  }).format(new Date(`${day.slice(0, 10)}T12:00:00Z`));
}

/** 45 s, 12 min, 1 h 5 min; 45 秒、12 分、1 小时 5 分. */
export function duration(seconds: number, locale: Locale): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [s, m, h] = locale === "zh" ? [" 秒", " 分", " 小时"] : [" s", " min", " h"];
  if (whole < 60) return `${whole}${s}`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}${m}`;
  const rest = minutes % 60;
  return rest ? `${Math.floor(minutes / 60)}${h} ${rest}${m}` : `${Math.floor(minutes / 60)}${h}`;
}

export function secondsSince(iso: string, now: number): number {
  return Math.max(0, (now - Date.parse(iso)) / 1000);
}

export function percent(share: number | null | undefined, locale: Locale, digits = 1): string {
  if (share === null || share === undefined || Number.isNaN(share)) return "–";
  return new Intl.NumberFormat(TAG[locale], {
    style: "percent",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(share);
}

export function count(value: number | null | undefined, locale: Locale): string {
  return value === null || value === undefined
    ? "–"
    : new Intl.NumberFormat(TAG[locale]).format(value);
}

export function decimal(value: number | null | undefined, locale: Locale, digits = 2): string {
  if (value === null || value === undefined) return "–";
  return new Intl.NumberFormat(TAG[locale], {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

/** 38 ms, 2.4 s */
export function milliseconds(value: number | null | undefined, locale: Locale): string {
  if (value === null || value === undefined) return "–";
  if (value < 10) return `${decimal(value, locale, 1)} ms`;
  if (value < 1000) return `${Math.round(value)} ms`;
  return `${decimal(value / 1000, locale, 1)} s`;
}

/** card_lost → Card lost; for names that have no words of their own yet. */
export function humanise(key: string): string {
  const words = key.replace(/[_.-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Black or white, whichever reads better on this colour (WCAG luminance). */
export function contrastColour(hex: string): string {
  const channel = (at: number) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  const luminance = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
  return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 ? "#ffffff" : "#000000";
}

export function isColour(text: string): boolean {
  return /^#[0-9a-f]{6}$/i.test(text);
}

/** Fill {names} in a sentence of the dictionary. */
export function fill(sentence: string, values: Record<string, string | number>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in values ? String(values[name]) : whole,
  );
}
