// The one line a bank's page includes: a launcher, and the panel in an iframe of our own origin.
// It never reads the conversation; the panel never touches the bank's page.

import { contrastColour } from "../shared/format.ts";
import type { ToHost, ToPanel } from "./bridge.ts";

type Identity = string | (() => Promise<string | null>);
type Handler = (detail: unknown) => void;

const CSS = `
:host{all:initial!important}
button{position:fixed;right:20px;bottom:20px;width:60px;height:60px;border:0;border-radius:50%;
background:var(--a);color:var(--c);cursor:pointer;box-shadow:0 2px 6px #0003,0 10px 28px #0004;
display:grid;place-items:center;z-index:2147483000;padding:0;transition:transform .15s}
button:hover{transform:translateY(-2px)}
button:focus-visible{outline:3px solid var(--a);outline-offset:3px}
svg{width:28px;height:28px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
b{position:absolute;top:-3px;right:-3px;min-width:22px;height:22px;padding:0 5px;border-radius:11px;
background:#b3261e;color:#fff;font:600 13px/22px sans-serif;box-sizing:border-box}
[hidden]{display:none!important}
div{position:fixed;right:20px;bottom:96px;width:404px;height:min(680px,calc(100vh - 116px));
border-radius:18px;overflow:hidden;box-shadow:0 4px 12px #0002,0 18px 60px #0005;z-index:2147483000;background:Canvas}
iframe{border:0;width:100%;height:100%;display:block}
@media(max-width:520px){div{inset:0;width:100%;height:100%;border-radius:0}div:not([hidden])+button{display:none}}
@media(prefers-reduced-motion:reduce){button{transition:none}}
@media(forced-colors:active){button{border:2px solid}}
`;
const WORDS = {
  en: [
    "Open customer service chat",
    "Close customer service chat",
    "Customer service chat",
    "unread",
  ],
  zh: ["打开客服对话", "关闭客服对话", "客服对话", "条未读"],
} as const;
const BUBBLE = "M4 5h16v11H11l-4.5 4v-4H4z M8.5 10.5h7";
const CROSS = "M6 6l12 12M18 6L6 18";

const script = document.currentScript as HTMLScriptElement;
const set = script.dataset;
const origin = new URL(script.src).origin;
const accent = /^#[0-9a-f]{6}$/i.test(set.accent ?? "") ? (set.accent as string) : "#0c5a61";
const handlers = new Map<string, Set<Handler>>();
const OPEN_KEY = "switchboard:open";

let language = set.lang || document.documentElement.lang || navigator.language;
let identity: Identity | null = null;
let frame: HTMLIFrameElement | null = null;
let isReady = false;
let isOpen = false;
let unread = 0;

const root = document.createElement("div").attachShadow({ mode: "open" });
const sheet = new CSSStyleSheet();
sheet.replaceSync(CSS);
root.adoptedStyleSheets = [sheet];
const dialog = document.createElement("div");
dialog.setAttribute("role", "dialog");
dialog.hidden = true;
const launcher = document.createElement("button");
launcher.type = "button";
const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
icon.setAttribute("viewBox", "0 0 24 24");
icon.setAttribute("aria-hidden", "true");
icon.append(path);
const badge = document.createElement("b");
launcher.append(icon, badge);
launcher.onclick = () => (isOpen ? close() : open());
root.append(dialog, launcher);
paint();

function words() {
  return WORDS[language.toLowerCase().startsWith("zh") ? "zh" : "en"];
}

function paint(): void {
  const [openLabel, closeLabel, title, unreadLabel] = words();
  const n = unread ? ` (${unread} ${unreadLabel})` : "";
  launcher.setAttribute("aria-label", isOpen ? closeLabel : openLabel + n);
  launcher.setAttribute("aria-expanded", String(isOpen));
  path.setAttribute("d", isOpen ? CROSS : BUBBLE);
  badge.hidden = !unread || isOpen;
  badge.textContent = unread > 9 ? "9+" : String(unread);
  dialog.hidden = !isOpen;
  dialog.setAttribute("aria-label", title);
  if (frame) frame.title = title;
}

function load(): void {
  if (frame) return;
  frame = document.createElement("iframe");
  const query = new URLSearchParams({
    lang: language,
    accent,
    title: set.title ?? "",
    title_zh: set.titleZh ?? "",
    inbox: set.inbox ?? "",
    parent: location.origin,
    identity: identity ? "1" : "",
  });
  frame.src = `${origin}/widget/panel?${query}`;
  dialog.append(frame);
}

function tell(message: ToPanel): void {
  if (isReady) frame?.contentWindow?.postMessage({ switchboard: message }, origin);
}

function emit(name: string, detail?: unknown): void {
  for (const handler of handlers.get(name) ?? []) handler(detail);
}

async function sendIdentity(): Promise<void> {
  let token: string | null = null;
  try {
    token = typeof identity === "function" ? await identity() : identity;
  } catch {
    // the bank's page could not give a proof; the panel says so
  }
  tell({ type: "identify", token });
}

function keepOpen(value: boolean): void {
  try {
    if (value) sessionStorage.setItem(OPEN_KEY, "1");
    else sessionStorage.removeItem(OPEN_KEY);
  } catch {
    // storage may be forbidden; the chat then starts closed
  }
}

function open(): void {
  if (isOpen) return;
  isOpen = true;
  load();
  paint();
  keepOpen(true);
  frame?.focus();
  tell({ type: "opened" });
  emit("open");
}

function close(): void {
  if (!isOpen) return;
  isOpen = false;
  paint();
  keepOpen(false);
  launcher.focus();
  tell({ type: "closed" });
  emit("close");
}

/** A signed proof of who the customer is, or better a function that fetches a fresh one. */
function identify(proof: Identity): void {
  identity = proof;
  if (isReady) void sendIdentity();
}

function logout(): void {
  identity = null;
  unread = 0;
  paint();
  tell({ type: "logout" });
  if (!isReady) pendingLogout = true;
}

function setLanguage(tag: string): void {
  language = tag;
  paint();
  tell({ type: "language", locale: tag });
}

function on(name: string, handler: Handler): () => void {
  const known = handlers.get(name) ?? new Set();
  handlers.set(name, known.add(handler));
  if (name === "ready") queueMicrotask(() => handler(undefined));
  return () => known.delete(handler);
}

let pendingLogout = false;

addEventListener("message", (event: MessageEvent<{ switchboard?: ToHost }>) => {
  const message = event.data?.switchboard;
  if (!message || event.origin !== origin || event.source !== frame?.contentWindow) return;
  if (message.type === "ready") {
    isReady = true;
    if (pendingLogout && !identity) tell({ type: "logout" });
    pendingLogout = false;
    tell({ type: "language", locale: language });
    if (isOpen) tell({ type: "opened" });
  } else if (message.type === "close") close();
  else if (message.type === "identity_needed") void sendIdentity();
  else if (message.type === "unread") {
    unread = isOpen ? 0 : message.count;
    paint();
    emit("unread", unread);
  } else if (message.type === "event") emit(message.name, message.detail);
});

const api = { open, close, identify, logout, on, setLanguage, push };
type Command = [
  name: "open" | "close" | "identify" | "logout" | "on" | "setLanguage",
  ...unknown[],
];

/** `(window.Switchboard ||= []).push(["identify", jwt])` works before and after loading. */
function push(...commands: Command[]): void {
  for (const [name, ...rest] of commands) (api[name] as (...a: unknown[]) => unknown)(...rest);
}

const host = window as unknown as { Switchboard?: unknown };
const queued = Array.isArray(host.Switchboard) ? (host.Switchboard as Command[]) : [];
host.Switchboard = api;

function start(): void {
  document.body.append(root.host);
  push(...queued);
  try {
    if (sessionStorage.getItem(OPEN_KEY)) {
      isOpen = true;
      load();
      paint();
    }
  } catch {
    // as above
  }
}

launcher.style.setProperty("--a", accent);
launcher.style.setProperty("--c", contrastColour(accent));
if (document.body) start();
else addEventListener("DOMContentLoaded", start);
