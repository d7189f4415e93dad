// The audit trail as staff may read it, and the button that checks its seals.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type AuditEvent, type Page, Problem, type Verdict } from "../shared/api.ts";
import { count, exactTime, fill } from "../shared/format.ts";
import { locale } from "../shared/i18n/locale.ts";
import { attempt, call } from "./state.ts";
import { words } from "./words.ts";

const PAGE = 50;

export function Audit() {
  const w = words.value;
  const events = useSignal<AuditEvent[] | null>(null);
  const next = useSignal<string | null>(null);
  const verdict = useSignal<Verdict | null>(null);
  const isVerifying = useSignal(false);
  const isForbidden = useSignal(false);

  useEffect(() => {
    void load(null);
  }, []);

  async function load(after: string | null) {
    await attempt(async () => {
      try {
        const query = after ? `&after=${encodeURIComponent(after)}` : "";
        const page = await call<Page<AuditEvent>>("GET", `/v1/audit/events?limit=${PAGE}${query}`);
        events.value = after ? [...(events.value ?? []), ...page.items] : page.items;
        next.value = page.next ?? null;
      } catch (error) {
        isForbidden.value = error instanceof Problem && error.status === 403;
        if (!isForbidden.value) throw error;
      }
    });
  }

  async function verify() {
    isVerifying.value = true;
    verdict.value = await attempt(() => call<Verdict>("POST", "/v1/audit/verify", {}));
    isVerifying.value = false;
  }

  if (isForbidden.value) return <p class="nothing">{w.notAllowed}</p>;
  return (
    <div class="sheet">
      <header class="sheet-top">
        <div>
          <h1>{w.audit}</h1>
          <p class="fine">{w.auditText}</p>
        </div>
        <button
          type="button"
          class="solid"
          disabled={isVerifying.value}
          onClick={() => void verify()}
        >
          {isVerifying.value ? w.verifying : w.audit_verify}
        </button>
      </header>
      <div role="status">
        {verdict.value ? (
          <p class={`seal ${verdict.value.ok ? "good" : "bad"}`}>{explain(verdict.value)}</p>
        ) : null}
      </div>
      {events.value ? (
        <div class="scroll">
          <table class="numbers audit">
            <thead>
              <tr>
                {[w.time, w.actor, w.action, w.subject, w.outcome, w.details].map((head) => (
                  <th key={head} scope="col">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {events.value.map((event) => (
                <tr key={event.id}>
                  <td>
                    <time dateTime={event.time}>{exactTime(event.time, locale.value)}</time>
                  </td>
                  <td>{plain(event.actor)}</td>
                  <td>
                    <code>{event.action}</code>
                  </td>
                  <td class="subject">{plain(event.subject)}</td>
                  <td>{event.outcome}</td>
                  <td class="subject">{plain(event.details)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <p class="empty">{w.loading}</p>
      )}
      {next.value ? (
        <button type="button" class="outline" onClick={() => void load(next.value)}>
          {w.more}
        </button>
      ) : null}
    </div>
  );
}

function explain(verdict: Verdict): string {
  const w = words.value;
  const events = count(verdict.events, locale.value);
  const blocks = count(verdict.blocks, locale.value);
  if (verdict.ok) return fill(w.chainGood, { events, blocks });
  return fill(w.chainBad, { first: plain(verdict.first_bad) });
}

/** Values of any shape in one line; an empty object says nothing. */
function plain(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "object") return String(value);
  return Object.entries(value)
    .map(
      ([key, inner]) =>
        `${key} ${typeof inner === "object" ? JSON.stringify(inner) : String(inner)}`,
    )
    .join(", ");
}
