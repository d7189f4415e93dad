// The customer's proof of who they are, from the bank's page to a session. Knows no proof's content.

import { leave } from "./following.ts";
import * as host from "./host.ts";
import { forgetSession, openSession } from "./session.ts";
import { attempt, session, trouble, type WidgetSession } from "./store.ts";

const IDENTITY_WAIT_MS = 8_000;

let identityArrived: ((token: string | null) => void) | null = null;

/** A proof from the bank's page: the one that was asked for, or a new sign-in. */
export function takeProof(token: string | null): void {
  if (identityArrived) identityArrived(token);
  else if (token) void attempt(() => become(token));
}

export async function identifyAgain(): Promise<void> {
  const token = await new Promise<string | null>((resolve) => {
    const timer = setTimeout(() => resolve(null), IDENTITY_WAIT_MS);
    identityArrived = (value) => {
      clearTimeout(timer);
      resolve(value);
    };
    host.tell({ type: "identity_needed" });
  });
  identityArrived = null;
  if (token) await attempt(() => become(token));
  else trouble.value = "identityExpired";
}

export async function renewSession(): Promise<void> {
  const wasIdentified = session.value?.level === "identified";
  forgetSession();
  if (wasIdentified) await identifyAgain();
  if (!session.value) await openSession(null);
}

/** A new proof means a new session; another customer never sees the former one's conversation. */
async function become(token: string | null): Promise<void> {
  const before = session.value;
  await openSession(token);
  const now = session.value as WidgetSession | null;
  if (before && before.customer?.id === now?.customer?.id) return;
  leave();
}
