// What the desk knows: who is signed in, who waits, which conversation is open. Knows no markup.

import { computed, signal } from "@preact/signals";
import {
  buildCall,
  type Conversation,
  type Handoff,
  type Page,
  Problem,
  type Queue,
  recall,
  remember,
  type Staff,
} from "../shared/api.ts";
import { humanise } from "../shared/format.ts";
import { locale, toLocale } from "../shared/i18n/locale.ts";
import { path } from "../shared/router.ts";
import { words } from "./words.ts";

export type View =
  | "queue"
  | "mine"
  | "all"
  | "knowledge"
  | "labels"
  | "models"
  | "analytics"
  | "fairness"
  | "audit";
const VIEWS: View[] = [
  "queue",
  "mine",
  "all",
  "knowledge",
  "labels",
  "models",
  "analytics",
  "fairness",
  "audit",
];
const LANGUAGE_KEY = "switchboard:console:language";
const THEME_KEY = "switchboard:console:theme";
const KEYS_KEY = "switchboard:console:keys";
const WRITER_KEY = "switchboard:console:writer";
const LIST_EVERY_MS = 4_000;

export const me = signal<Staff | null>(null);
export const isKnown = signal(false); // whether we have asked who is signed in
export const now = signal(Date.now());
export const trouble = signal<string | null>(null);
export const waiting = signal<Handoff[] | null>(null);
export const held = signal<Handoff[] | null>(null);
export const all = signal<Conversation[] | null>(null);
export const statusFilter = signal<string>("all");
export const queues = signal<Queue[]>([]);
export const presence = signal<string>("online");
export const announced = signal("");
export const hasKeys = signal(stored(KEYS_KEY) !== "off");
export const isHelpOpen = signal(false);

const intentLabels = signal<Record<string, { en?: string; zh?: string }>>({});
export const intentNames = computed(() => Object.keys(intentLabels.value));
let csrf = "";

export const call = buildCall((): Record<string, string> => (csrf ? { "X-CSRF-Token": csrf } : {}));

export const place = computed<{ view: View; id: string | null }>(() => {
  const [, , view, id] = path.value.split("/");
  if (view === "conversations") return { view: "all", id: id ?? null };
  const home = VIEWS.find((v) => maySee(v)) ?? "queue";
  return { view: VIEWS.find((v) => v === view) ?? home, id: id || null };
});

export const mine = computed(() =>
  held.value ? held.value.filter((handoff) => handoff.assignee?.id === me.value?.id) : null,
);

// the service decides; this only spares people a door that stays shut for their role
const DESK = ["agent", "supervisor", "admin"];
const ROLES: Partial<Record<View, string[]>> = {
  queue: DESK,
  mine: DESK,
  all: DESK,
  analytics: ["supervisor", "editor", "auditor", "admin"],
  fairness: ["supervisor", "editor", "auditor", "admin"],
  audit: ["auditor", "admin"],
  knowledge: ["agent", "supervisor", "editor", "admin"],
  labels: ["supervisor", "editor", "admin"],
  models: ["admin"],
};

export function maySee(view: View): boolean {
  return ROLES[view]?.includes(me.value?.role ?? "") ?? true;
}

/** The ids of the list on the screen, for j and k. */
export const listed = computed<string[]>(() => {
  const { view } = place.value;
  if (view === "queue") return (waiting.value ?? []).map((h) => h.conversation_id);
  if (view === "mine") return (mine.value ?? []).map((h) => h.conversation_id);
  return view === "all" ? (all.value ?? []).map((c) => c.id) : [];
});

export async function begin(): Promise<void> {
  locale.value = toLocale(stored(LANGUAGE_KEY)) ?? toLocale(navigator.language) ?? "en";
  setInterval(() => {
    now.value = Date.now();
  }, 1000);
  setInterval(() => void refreshLists(), LIST_EVERY_MS);
  document.addEventListener("visibilitychange", () => void refreshLists());
  const theme = stored(THEME_KEY);
  if (theme) document.documentElement.dataset.theme = theme;
  try {
    await welcome(await call<Welcome>("GET", "/v1/auth/me"));
  } catch {
    me.value = null;
  }
  isKnown.value = true;
}

interface Welcome {
  staff: Staff;
  csrf_token: string;
}

async function welcome(found: Welcome): Promise<void> {
  csrf = found.csrf_token;
  const writer = recall(WRITER_KEY); // drafts belong to the person who wrote them
  if (writer && writer !== found.staff.id) clearDrafts();
  remember(WRITER_KEY, found.staff.id);
  me.value = found.staff;
  void loadIntents();
  void loadPresence();
  await refreshLists();
}

export async function signIn(email: string, password: string): Promise<void> {
  await welcome(await call<Welcome>("POST", "/v1/auth/login", { email, password }));
}

export async function signOut(): Promise<void> {
  await call("POST", "/v1/auth/logout").catch(() => {});
  forget();
  clearDrafts();
}

/** Nobody is signed in any more. What they wrote waits: a session that ran out loses no text. */
function forget(): void {
  csrf = "";
  me.value = null;
  waiting.value = null;
  held.value = null;
  all.value = null;
}

function clearDrafts(): void {
  try {
    sessionStorage.clear();
  } catch {
    // nothing was kept then
  }
}

/** Run what a button asked for; say in words what went wrong. */
export async function attempt<T>(action: () => Promise<T>): Promise<T | null> {
  try {
    const found = await action();
    trouble.value = null;
    return found;
  } catch (error) {
    if (error instanceof Problem && error.status === 401) forget();
    else if (error instanceof Problem) trouble.value = error.message;
    else throw error;
    return null;
  }
}

export async function refreshLists(): Promise<void> {
  if (!me.value || !maySee("queue") || document.visibilityState !== "visible") return;
  const { view } = place.value;
  try {
    const [nowWaiting, nowHeld] = await Promise.all([
      call<Page<Handoff>>("GET", "/v1/handoffs?status=waiting"),
      call<Page<Handoff>>("GET", "/v1/handoffs?status=accepted"),
    ]);
    announceNew(nowWaiting.items);
    waiting.value = nowWaiting.items;
    held.value = nowHeld.items;
    if (view === "all") await loadAll();
    if (view === "queue") queues.value = (await call<Page<Queue>>("GET", "/v1/queues")).items;
  } catch (error) {
    if (error instanceof Problem && error.status === 401) forget();
    // otherwise the next round, four seconds later, tries again
  }
}

export async function loadAll(): Promise<void> {
  const status = statusFilter.value === "all" ? "" : `&status=${statusFilter.value}`;
  all.value = (await call<Page<Conversation>>("GET", `/v1/conversations?limit=100${status}`)).items;
}

function announceNew(items: Handoff[]): void {
  if (!waiting.value) return;
  const known = new Set(waiting.value.map((handoff) => handoff.id));
  const fresh = items.find((handoff) => !known.has(handoff.id));
  if (fresh)
    announced.value = words.value.newHandoff.replace(
      "{name}",
      fresh.customer_name ?? words.value.anonymous,
    );
}

async function loadIntents(): Promise<void> {
  type Row = { name: string; label?: { en?: string; zh?: string } };
  try {
    const found = await call<Page<Row> | { intents: Row[] } | Row[]>("GET", "/v1/intents");
    const rows = Array.isArray(found) ? found : "items" in found ? found.items : found.intents;
    intentLabels.value = Object.fromEntries(rows.map((row) => [row.name, row.label ?? {}]));
  } catch {
    // names are readable without labels
  }
}

export function intentName(name: string | null | undefined): string {
  if (!name) return words.value.noIntent;
  const label = locale.value === "zh" ? intentLabels.value[name]?.zh : undefined;
  return label ?? humanise(name);
}

async function loadPresence(): Promise<void> {
  const found = await call<{ status: string }>("GET", "/v1/agents/me/presence").catch(() => null);
  if (found) presence.value = found.status;
}

export async function setPresence(status: string): Promise<void> {
  presence.value = status;
  await attempt(() => call("PUT", "/v1/agents/me/presence", { status }));
}

export function setLanguage(next: "en" | "zh"): void {
  locale.value = next;
  store(LANGUAGE_KEY, next);
}

export function switchTheme(): void {
  const root = document.documentElement;
  const isDark =
    root.dataset.theme === "dark" ||
    (!root.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset.theme = isDark ? "light" : "dark";
  store(THEME_KEY, root.dataset.theme);
}

export function setKeys(isOn: boolean): void {
  hasKeys.value = isOn;
  store(KEYS_KEY, isOn ? "on" : "off");
}

function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function store(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // a preference that cannot be kept is no reason to stop
  }
}
