// Every intent of the taxonomy in one list; what the classifier considered comes first.

import { OUT_OF_SCOPE } from "../shared/labels.ts";
import { labelWords } from "./labelWords.ts";
import { intentName, intentNames } from "./state.ts";

export function IntentSelect(props: {
  label: string;
  value: string;
  first?: string[];
  hasNone?: boolean;
  onChoose: (intent: string) => void;
}) {
  const w = labelWords.value;
  const first = props.first ?? [];
  const rest = intentNames.value
    .filter((name) => !first.includes(name))
    .sort((a, b) => intentName(a).localeCompare(intentName(b)));
  return (
    <select
      class="outline intents"
      aria-label={props.label}
      value={props.value}
      onChange={(event) => props.onChoose(event.currentTarget.value)}
    >
      <option value="">{w.chooseIntent}</option>
      {first.length ? (
        <optgroup label={w.candidates}>
          <Options names={first} />
        </optgroup>
      ) : null}
      {props.hasNone ? <option value={OUT_OF_SCOPE}>{w.outOfScope}</option> : null}
      <optgroup label={w.everyIntent}>
        <Options names={rest} />
      </optgroup>
    </select>
  );
}

function Options({ names }: { names: string[] }) {
  return names.map((name) => (
    <option key={name} value={name}>
      {intentName(name)}
    </option>
  ));
}
