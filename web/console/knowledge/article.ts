// An article in an editor's hands: what is sent, what may be done with it, what is kept unsaved. Pure.

import type { Locale } from "../../shared/api.ts";
import type {
  Audience,
  DocumentSummary,
  DocumentText,
  Publication,
  Version,
} from "../../shared/knowledge.ts";

/** The fields of the editor, every one a text as the form shows it. */
export interface Writing {
  title: string;
  body: string;
  format: string;
  locale: Locale;
  audience: Audience;
  intents: string[];
  source_url: string;
  effective_from: string; // local, as datetime-local wants it
  expires_at: string;
  owner: string;
  review_by: string;
  basedOn: number | null; // the version that was opened
}

export type Act = "publish" | "reject" | "withdraw" | "unschedule" | "rollback" | "remove";

export function emptyWriting(locale: Locale): Writing {
  return {
    title: "",
    body: "",
    format: "markdown",
    locale,
    audience: "public",
    intents: [],
    source_url: "",
    effective_from: "",
    expires_at: "",
    owner: "",
    review_by: "",
    basedOn: null,
  };
}

/** The next version begins as the newest one; a begin that has passed says nothing any more. */
export function writingOf(document: DocumentText, now: number): Writing {
  const begin = document.effective_from;
  const isAhead = begin !== null && Date.parse(begin) > now;
  return {
    title: document.title,
    body: document.body,
    format: document.format,
    locale: document.locale,
    audience: document.audience,
    intents: document.intents,
    source_url: document.source_url ?? "",
    effective_from: isAhead ? toLocalInput(begin) : "",
    expires_at: toLocalInput(document.expires_at),
    owner: document.owner ?? "",
    review_by: document.review_by ?? "",
    basedOn: document.version,
  };
}

/** The body of the request; an empty field is an absent one. */
export function requestOf(writing: Writing): Record<string, unknown> {
  const { basedOn: _, ...said } = writing;
  return {
    ...said,
    title: said.title.trim(),
    source_url: said.source_url.trim() || null,
    owner: said.owner.trim() || null,
    review_by: said.review_by || null,
    effective_from: fromLocalInput(said.effective_from),
    expires_at: fromLocalInput(said.expires_at),
  };
}

/** A question becomes the heading of the article that answers it. */
export function writingFor(question: string, locale: Locale, intents: string[]): Writing {
  const heading = question.replace(/\s+/g, " ").trim();
  return {
    ...emptyWriting(locale),
    title: heading.slice(0, 120),
    body: `## ${heading}\n\n`,
    intents,
  };
}

/** What was kept of an editor's text; null for anything that is not one. */
export function readWriting(stored: string | null): Writing | null {
  if (!stored) return null;
  try {
    const found: Partial<Writing> = JSON.parse(stored);
    const isOne = typeof found.body === "string" && Array.isArray(found.intents);
    return isOne ? { ...emptyWriting("en"), ...found } : null;
  } catch {
    return null;
  }
}

/** 2027-01-05T09:30 in the time of this browser. */
export function toLocalInput(iso: string | null): string {
  if (!iso) return "";
  const moment = new Date(iso);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
  return `${day}T${two(moment.getHours())}:${two(moment.getMinutes())}`;
}

export function fromLocalInput(text: string): string | null {
  const moment = new Date(text);
  return text && !Number.isNaN(moment.getTime()) ? moment.toISOString() : null;
}

/** The acts that its state allows; whether this person may, the service says. */
export function possibleActs(document: DocumentSummary, publications: Publication[]): Act[] {
  const isShown = publications.some((one) => one.state === "shown");
  const isScheduled = publications.some((one) => one.state === "scheduled");
  const acts: [Act, boolean][] = [
    ["publish", document.status === "submitted"],
    ["reject", document.status === "submitted"],
    ["unschedule", isScheduled],
    ["withdraw", isShown || isScheduled],
    ["remove", true],
  ];
  return acts.filter(([, isPossible]) => isPossible).map(([act]) => act);
}

/** Customers have read it, and do not read it now. */
export function mayComeBack(version: Version, publications: Publication[], now: number): boolean {
  const own = publications.filter((one) => one.version === version.version);
  const hasExpired = version.expires_at !== null && Date.parse(version.expires_at) <= now;
  const isShown = own.some((one) => one.state === "shown");
  return own.some((one) => one.state === "ended") && !isShown && !hasExpired;
}
