// Who is signed in at the demo bank, and what the chat and the bank's texts are told of it. Knows no markup.

import { signal } from "@preact/signals";
import { buildCall, type Page, recall, remember } from "../shared/api.ts";
import { widget } from "./widget.ts";

export interface DemoCustomer {
  id: string;
  name: string;
  locale: string;
}

export interface Text {
  text: string;
  sent_at: string;
}

const CUSTOMER_KEY = "lantern:customer";

const call = buildCall(() => ({}));
export const customers = signal<DemoCustomer[] | null>(null);
export const hasFailed = signal(false);
export const customer = signal<DemoCustomer | null>(null);
export const texts = signal<Text[]>([]);
export const now = signal(Date.now());

export async function loadCustomers(): Promise<void> {
  try {
    customers.value = (await call<Page<DemoCustomer>>("GET", "/demo/customers")).items;
    hasFailed.value = false;
  } catch {
    hasFailed.value = true;
  }
}

export function signIn(who: DemoCustomer): void {
  customer.value = who;
  texts.value = [];
  remember(CUSTOMER_KEY, JSON.stringify(who));
  // the bank's own back end signs who the customer is; a fresh proof whenever the chat needs one
  widget("identify", async () => {
    const body = { customer_id: who.id };
    return (await call<{ identity_token: string }>("POST", "/demo/identity", body)).identity_token;
  });
}

export function signOut(): void {
  customer.value = null;
  texts.value = [];
  remember(CUSTOMER_KEY, null);
  widget("logout");
}

/** The customer of before a reload. */
export function signInAgain(): void {
  const kept = recall(CUSTOMER_KEY);
  if (kept) signIn(JSON.parse(kept) as DemoCustomer);
}

export async function lookAtPhone(): Promise<void> {
  now.value = Date.now();
  const who = customer.value;
  if (!who || document.visibilityState !== "visible") return;
  try {
    const path = `/demo/phone?customer_id=${encodeURIComponent(who.id)}`;
    const found = await call<Page<Text>>("GET", path);
    if (customer.value === who) texts.value = found.items;
  } catch {
    // the next look may find it
  }
}
