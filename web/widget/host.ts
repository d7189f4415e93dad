// The panel's side of the bridge to the bank's page. Nothing about an account ever crosses it.

import type { ToHost, ToPanel } from "./bridge.ts";

const query = new URLSearchParams(location.search);
// the browser's own word where it gives one; the query is only the fallback
const parentOrigin = location.ancestorOrigins?.[0] ?? query.get("parent") ?? location.origin;
export const isEmbedded = window.parent !== window;

export const settings = {
  inbox: query.get("inbox") ?? "",
  title: query.get("title") ?? "",
  titleZh: query.get("title_zh") || query.get("title") || "",
  accent: query.get("accent") ?? "",
  language: query.get("lang"),
  hasIdentity: query.get("identity") === "1",
};

export function tell(message: ToHost): void {
  if (isEmbedded) window.parent.postMessage({ switchboard: message }, parentOrigin);
}

export function listen(handle: (message: ToPanel) => void): void {
  addEventListener("message", (event: MessageEvent<{ switchboard?: ToPanel }>) => {
    if (event.source !== window.parent || event.origin !== parentOrigin) return;
    if (event.data?.switchboard) handle(event.data.switchboard);
  });
}
