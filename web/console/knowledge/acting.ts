// How the pages of the knowledge base ask the service: errors in words, names of people, the address.

import { computed, signal } from "@preact/signals";
import { Problem } from "../../shared/api.ts";
import { fill } from "../../shared/format.ts";
import type { Author, KnownPerson } from "../../shared/knowledge.ts";
import { path } from "../../shared/router.ts";
import { attempt, call, me } from "../state.ts";
import { knowledgeWords } from "./words.ts";

const said = signal({ text: "", at: "" });
/** What was done last, for a screen reader as well; only on the page where it was said. */
export const told = computed(() => (said.value.at === path.value ? said.value.text : ""));
export const people = signal<Record<string, string>>({});

/** /console/knowledge/{page}/{id} */
export const here = computed(() => {
  const [, , , page, id] = path.value.split("/");
  return { page: page || null, id: id ? decodeURIComponent(id) : null };
});

export const mayWrite = computed(() => ["editor", "admin"].includes(me.value?.role ?? ""));
export const mayEdit = computed(() =>
  ["editor", "supervisor", "admin"].includes(me.value?.role ?? ""),
);

export function tell(text: string): void {
  said.value = { text, at: path.value };
}

/** Run what a button asked for; null when it failed, and then the page says why in its language. */
export async function tryTo<T>(action: () => Promise<T>): Promise<T | null> {
  return attempt(async () => {
    try {
      return await action();
    } catch (error) {
      throw error instanceof Problem ? inWords(error) : error;
    }
  });
}

/** The same problem, said in the page's words where it has some, and naming the fields. */
export function inWords(problem: Problem): Problem {
  const w = knowledgeWords.value;
  const known = w.problems[problem.code];
  const fields = problem.errors.map(({ field, message }) => {
    const name = field.split(".").find((part) => part in w.fields) ?? field;
    return `${w.fields[name] ?? name}: ${message}`;
  });
  const sentence = known ? fill(known, { detail: problem.message }) : problem.message;
  const detail = [sentence, ...fields].join(" ");
  return new Problem(problem.status, problem.code, detail, problem.retryAfter, problem.errors);
}

export async function loadPeople(): Promise<void> {
  const found = await call<{ items: KnownPerson[] }>("GET", "/v1/knowledge/people").catch(
    () => null, // a name is a kindness; the page stands without
  );
  if (found) people.value = Object.fromEntries(found.items.map((one) => [one.id, one.name]));
}

/** Who wrote or approved something. */
export function personName(author: Author | null): string {
  const w = knowledgeWords.value;
  if (author?.kind === "system") return w.byProduct;
  if (author?.kind === "integration") return w.byIntegration;
  return people.value[author?.id ?? ""] ?? w.somebody;
}
