// The intent models: which is live, which is compared, what the gate says; promote and go back.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Problem } from "../shared/api.ts";
import { dayAndClock, exactTime, fill } from "../shared/format.ts";
import { locale } from "../shared/i18n/locale.ts";
import { ConfirmAct, type Question } from "./ConfirmAct.tsx";
import { Mark, ModelFacts } from "./ModelFacts.tsx";
import type { Difference, Gate, Model, ModelList, ModelSummary, Promotion } from "./models.ts";
import { ShadowReport } from "./ShadowReport.tsx";
import { attempt, call } from "./state.ts";
import { named, words } from "./words.ts";

const ROOT = "/v1/models";

/** What is said after an act: words by key, so that they follow the language. */
interface Answer {
  key?: "judging" | "working" | "gateRefused" | "shadowSet" | "shadowEnded" | "nowLive";
  text?: string;
  version: string;
}

type Said = Answer & { isGood: boolean };

export function Models() {
  const w = words.value.modelPage;
  const list = useSignal<ModelList | null>(null);
  const chosen = useSignal<Model | null>(null);
  const difference = useSignal<Difference | null>(null);
  const question = useSignal<Question | null>(null);
  const busy = useSignal<string | null>(null);
  const said = useSignal<Said | null>(null);
  const isForbidden = useSignal(false);

  useEffect(() => {
    void refresh();
  }, []);

  async function refresh() {
    await attempt(async () => {
      try {
        list.value = await call<ModelList>("GET", ROOT);
        difference.value = list.value.shadow
          ? await call<Difference>("GET", `${ROOT}/shadow/report`)
          : null;
        if (chosen.value) await show(chosen.value.version);
      } catch (error) {
        isForbidden.value = error instanceof Problem && error.status === 403;
        if (!isForbidden.value) throw error;
      }
    });
  }

  async function show(version: string) {
    const found = await attempt(() => call<Model>("GET", `${ROOT}/${version}`));
    if (found) chosen.value = found;
  }

  async function examine(version: string) {
    busy.value = version;
    await attempt(() => call<Gate>("POST", `${ROOT}/${version}/examine`, {}));
    busy.value = null;
    await refresh();
  }

  async function carryOut({ act, version }: Question, reason: string) {
    question.value = null;
    busy.value = version;
    said.value = { key: act === "promote" ? "judging" : "working", version, isGood: true };
    try {
      said.value = { ...(await ask(act, version, reason)), isGood: true };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const isRefused = error.code === "gate_refused";
      said.value = isRefused
        ? { key: "gateRefused", version, isGood: false }
        : { text: error.message, version, isGood: false };
      if (isRefused) await show(version);
    }
    busy.value = null;
    await refresh();
  }

  async function ask(act: Question["act"], version: string, reason: string): Promise<Answer> {
    if (act === "shadow") {
      await call("PUT", `${ROOT}/shadow`, { version });
      return { key: "shadowSet", version };
    }
    if (act === "endShadow") {
      await call("DELETE", `${ROOT}/shadow`);
      return { key: "shadowEnded", version };
    }
    const path = act === "rollback" ? `${ROOT}/rollback` : `${ROOT}/${version}/promote`;
    const why = reason ? { reason } : {};
    const body = act === "force" ? { force: true, ...why } : act === "rollback" ? why : {};
    const done = await call<Promotion>("POST", path, body);
    return { key: "nowLive", version: done.version };
  }

  if (isForbidden.value) return <p class="nothing">{words.value.notAllowed}</p>;
  const found = list.value;
  const back = found?.can_roll_back_to;
  return (
    <div class="sheet">
      <header class="sheet-top">
        <div>
          <h1>{w.title}</h1>
          <p class="fine">{w.text}</p>
        </div>
        {back ? (
          <button
            type="button"
            class="outline"
            disabled={busy.value !== null}
            onClick={() => {
              question.value = { act: "rollback", version: back };
            }}
          >
            {w.acts.rollback}
          </button>
        ) : null}
      </header>
      <div role="status">
        {said.value ? (
          <p class={`seal ${said.value.isGood ? "good" : "bad"}`}>
            {said.value.key
              ? fill(w[said.value.key], { version: said.value.version })
              : said.value.text}
          </p>
        ) : null}
      </div>
      {found ? (
        <>
          <Standing list={found} />
          <div class="scroll">
            <table class="numbers models">
              <thead>
                <tr>
                  {[w.version, w.state, w.made, w.languages, w.intents, w.gate].map((head) => (
                    <th key={head} scope="col">
                      {head}
                    </th>
                  ))}
                  <th scope="col">
                    <span class="unseen">{w.actions}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {found.items.map((item) => (
                  <Row
                    key={item.version}
                    item={item}
                    isOpen={chosen.value?.version === item.version}
                    isBusy={busy.value !== null}
                    onShow={() => void show(item.version)}
                    onAct={(act) => {
                      question.value = { act, version: item.version };
                    }}
                  />
                ))}
              </tbody>
            </table>
          </div>
        </>
      ) : (
        <p class="empty">{words.value.loading}</p>
      )}
      {chosen.value ? (
        <ModelFacts
          model={chosen.value}
          isBusy={busy.value !== null}
          onExamine={() => void examine(chosen.value?.version ?? "")}
        />
      ) : null}
      {difference.value ? <ShadowReport difference={difference.value} /> : null}
      <ConfirmAct
        question={question.value}
        onYes={(asked, reason) => void carryOut(asked, reason)}
        onNo={() => {
          question.value = null;
        }}
      />
    </div>
  );
}

function Standing({ list }: { list: ModelList }) {
  const w = words.value.modelPage;
  if (!list.live) return null;
  const since = list.promoted_at ? exactTime(list.promoted_at, locale.value) : "";
  const isBehind = list.serving !== "" && list.serving !== list.live;
  return (
    <p class={isBehind ? "seal bad" : "standing"}>
      {fill(isBehind ? w.behind : w.since, { version: list.live, since, serving: list.serving })}
    </p>
  );
}

function Row(props: {
  item: ModelSummary;
  isOpen: boolean;
  isBusy: boolean;
  onShow: () => void;
  onAct: (act: Question["act"]) => void;
}) {
  const w = words.value.modelPage;
  const { item } = props;
  const acts: Question["act"][] =
    item.state === "live"
      ? []
      : [
          item.gate_passed === false ? "force" : "promote",
          item.state === "shadow" ? "endShadow" : "shadow",
        ];
  return (
    <tr class={item.state}>
      <th scope="row">
        <button type="button" class="link" aria-expanded={props.isOpen} onClick={props.onShow}>
          <code>{item.version}</code>
        </button>
      </th>
      <td>
        <span class={`mark ${item.state}`}>{w.states[item.state]}</span>
      </td>
      <td>
        <time dateTime={item.created_at}>{dayAndClock(item.created_at, locale.value)}</time>
      </td>
      <td>{item.languages.map((name) => named(words.value.languages, name)).join(", ")}</td>
      <td>{item.intents}</td>
      <td>
        <Mark passed={item.gate_passed} />
      </td>
      <td class="acts">
        {acts.map((act) => (
          <button
            key={act}
            type="button"
            class={act === "promote" ? "solid" : "outline"}
            disabled={props.isBusy}
            aria-label={`${w.acts[act]}: ${item.version}`}
            onClick={() => props.onAct(act)}
          >
            {w.short[act]}
          </button>
        ))}
      </td>
    </tr>
  );
}
