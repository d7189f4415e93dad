// One checkpoint: what it was made of, its figures, and what the gate says.

import { decimal, exactTime, fill, percent } from "../shared/format.ts";
import { locale } from "../shared/i18n/locale.ts";
import { type Gate, type Model, SHOWN_METRICS } from "./models.ts";
import { named, words } from "./words.ts";

export function ModelFacts(props: { model: Model; isBusy: boolean; onExamine: () => void }) {
  const w = words.value.modelPage;
  const l = locale.value;
  const { model } = props;
  const languages = Object.entries(model.metrics);
  const shown = SHOWN_METRICS.filter((name) => languages.some(([, figures]) => name in figures));
  return (
    <section class="model" aria-labelledby="model-title">
      <header class="sheet-sub">
        <h2 id="model-title">
          <code>{model.version}</code>
        </h2>
        <button type="button" class="outline" disabled={props.isBusy} onClick={props.onExamine}>
          {props.isBusy ? w.examining : w.examine}
        </button>
      </header>
      <div class="columns even">
        <div>
          <h3>{w.figures}</h3>
          <div class="scroll">
            <table class="numbers">
              <thead>
                <tr>
                  <th scope="col">{w.language}</th>
                  {shown.map((name) => (
                    <th key={name} scope="col" class="number">
                      {w.metrics[name]}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {languages.map(([language, figures]) => (
                  <tr key={language}>
                    <th scope="row">{named(words.value.languages, language)}</th>
                    {shown.map((name) => (
                      <td key={name} class="number">
                        {share(figures[name])}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <p class="fine">{w.figuresText}</p>
        </div>
        <div>
          <h3>{w.facts}</h3>
          <dl class="model-facts">
            <Fact name={w.encoder} value={model.encoder_revision} />
            <Fact name={w.data} value={model.data_digest.slice(0, 12)} />
            {Object.entries(model.thresholds).map(([name, value]) => (
              <Fact key={name} name={w.dials[name] ?? name} value={decimal(value, l)} />
            ))}
          </dl>
        </div>
      </div>
      <h3>{w.gate}</h3>
      {model.gate ? <GateTable gate={model.gate} /> : <p class="empty">{w.notExamined}</p>}
    </section>
  );
}

function GateTable({ gate }: { gate: Gate }) {
  const w = words.value.modelPage;
  const rows = Object.entries(gate.rows)
    .map(([language, n]) => `${named(words.value.languages, language)} ${n}`)
    .join(", ");
  return (
    <div>
      <p class="fine">
        {fill(gate.live ? w.gateText : w.gateTextAlone, {
          time: exactTime(gate.created_at, locale.value),
          rows,
          live: gate.live ?? "",
        })}
      </p>
      <div class="scroll">
        <table class="numbers gate">
          <tbody>
            {gate.checks.map((check) => (
              <tr key={check.name}>
                <th scope="row">{w.checks[check.name] ?? check.name}</th>
                <td>
                  <Mark passed={check.passed} />
                </td>
                <td>{check.detail}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

export function Mark({ passed }: { passed: boolean | null }) {
  const w = words.value.modelPage;
  if (passed === null) return <span class="fine">{w.unknown}</span>;
  return <span class={`mark ${passed ? "good" : "bad"}`}>{passed ? w.passed : w.refused}</span>;
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function share(value: unknown): string {
  return typeof value === "number" ? percent(value, locale.value) : "–";
}
