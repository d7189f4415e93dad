// The address as a signal. Links stay links; a click on one of ours changes the signal instead of the page.

import { signal } from "@preact/signals";

export const path = signal(location.pathname);

export function go(to: string): void {
  if (to === path.value) return;
  history.pushState(null, "", to);
  path.value = location.pathname;
}

export function followLinks(prefix: string): void {
  addEventListener("popstate", () => {
    path.value = location.pathname;
  });
  document.addEventListener("click", (event) => {
    const link = (event.target as Element | null)?.closest?.("a");
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
    if (!link || !isPlain || link.target || link.origin !== location.origin) return;
    if (!link.pathname.startsWith(prefix) || link.hash) return;
    event.preventDefault();
    go(link.pathname);
  });
}
