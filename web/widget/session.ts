// The visitor's session with the service: opened, kept for this tab, forgotten. Knows no conversation.

import { buildCall, recall, remember } from "../shared/api.ts";
import { locale } from "../shared/i18n/locale.ts";
import * as host from "./host.ts";
import { session, type WidgetSession } from "./store.ts";

const SESSION_KEY = `switchboard:session:${host.settings.inbox}`;

export const call = buildCall(() =>
  session.value
    ? { Authorization: `Bearer ${session.value.token}` }
    : ({} as Record<string, string>),
);

/** The session this tab had before a reload. */
export function restoreSession(): void {
  const kept = recall(SESSION_KEY);
  if (!kept) return;
  const found = JSON.parse(kept) as WidgetSession;
  if (Date.parse(found.expires_at) > Date.now()) session.value = found;
}

export async function openSession(identityToken: string | null): Promise<void> {
  const body: Record<string, string> = { locale: locale.value };
  if (host.settings.inbox) body.inbox_id = host.settings.inbox;
  if (identityToken) body.identity_token = identityToken;
  session.value = await call<WidgetSession>("POST", "/v1/widget/sessions", body);
  remember(SESSION_KEY, JSON.stringify(session.value));
}

export function forgetSession(): void {
  session.value = null;
  remember(SESSION_KEY, null);
}
