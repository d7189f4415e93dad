// What an editor may do with a document; each act that changes what customers read asks first.

import { useSignal } from "@preact/signals";
import { dateAndClock, fill } from "../../shared/format.ts";
import { locale } from "../../shared/i18n/locale.ts";
import type { DocumentText, Publication } from "../../shared/knowledge.ts";
import { go } from "../../shared/router.ts";
import { call, me } from "../state.ts";
import { mayWrite, tell, tryTo } from "./acting.ts";
import { type Act, possibleActs } from "./article.ts";
import { type Answer, Confirm } from "./Confirm.tsx";
import { knowledgeWords } from "./words.ts";

export function DocumentActs(props: {
  document: DocumentText;
  publications: Publication[];
  onDone: () => Promise<void>;
}) {
  const w = knowledgeWords.value;
  const { document } = props;
  const asked = useSignal<Act | null>(null);
  const path = `/v1/knowledge/documents/${document.id}`;
  const isOwn = document.author?.kind === "staff" && document.author.id === me.value?.id;
  const pending = props.publications.filter((one) => one.state === "scheduled").at(-1) ?? null;

  async function act(name: string, method: string, where: string, body?: unknown) {
    tell("");
    const done = await tryTo(async () => {
      await call<unknown>(method, `${path}${where}`, body);
      return true;
    });
    if (!done) return props.onDone(); // somebody else may have been quicker: show what is true
    if (name === "remove") return go("/console/knowledge/documents");
    await props.onDone();
    tell(w.done[name] ?? "");
  }

  function carryOut(name: Act, answer: Answer) {
    asked.value = null;
    const isAhead = Date.parse(document.effective_from ?? "") > Date.now();
    if (name === "remove") return act(name, "DELETE", "");
    if (name === "reject") return act(name, "POST", "/reject", { reason: answer.reason });
    if (name !== "publish") return act(name, "POST", `/${name}`, {});
    return act(isAhead ? "schedule" : name, "POST", "/publish", {
      version: document.version,
      ...(answer.scheduled ? { scheduled: answer.scheduled } : {}),
    });
  }

  if (!mayWrite.value) return <p class="fine acts-note">{w.readOnly}</p>;
  const acts = possibleActs(document, props.publications);
  return (
    <div class="acts-of">
      {isOwn && document.status === "submitted" ? <p class="fine acts-note">{w.own}</p> : null}
      <div class="row">
        {document.status === "draft" ? (
          <button
            type="button"
            class="solid"
            onClick={() => void act("submit", "POST", "/submit", {})}
          >
            {w.submit}
          </button>
        ) : null}
        <a class="outline" href={`/console/knowledge/write/${document.id}`}>
          {w.edit}
        </a>
        {acts.map((name) => (
          <button
            key={name}
            type="button"
            class={name === "publish" ? "solid" : "outline"}
            disabled={name === "publish" && isOwn}
            onClick={() => {
              asked.value = name;
            }}
          >
            {w[name]}
          </button>
        ))}
      </div>
      <Confirm
        act={asked.value}
        version={document.version}
        meaning={asked.value ? meaningOf(asked.value, document) : ""}
        pending={asked.value === "publish" ? pending : null}
        onYes={(answer) => asked.value && void carryOut(asked.value, answer)}
        onNo={() => {
          asked.value = null;
        }}
      />
    </div>
  );
}

function meaningOf(act: Act, document: DocumentText): string {
  const w = knowledgeWords.value;
  const begin = document.effective_from;
  const end = document.expires_at;
  const moment = (iso: string) => dateAndClock(iso, locale.value);
  if (act !== "publish") return w.meanings[act] ?? "";
  const isAhead = begin !== null && Date.parse(begin) > Date.now();
  const meaning = isAhead
    ? fill(w.meanings.schedule ?? "", { time: moment(begin) })
    : (w.meanings.publish ?? "");
  return end ? `${meaning} ${fill(w.until, { time: moment(end) })}` : meaning;
}
