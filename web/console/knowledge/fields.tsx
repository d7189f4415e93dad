// Small fields of forms that are used on several pages.

import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { named, words } from "../words.ts";

export interface Writable {
  value: string;
}

/** A list of choices without a visible label beside it. */
export function Choice(props: {
  label: string;
  value: Writable;
  options: string[][];
  onPick?: () => void;
}) {
  return (
    <select
      class="outline"
      aria-label={props.label}
      value={props.value.value}
      onChange={(event) => {
        props.value.value = event.currentTarget.value;
        props.onPick?.();
      }}
    >
      {props.options.map(([value = "", text]) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </select>
  );
}

export function LanguageChoice(props: { label: string; value: Writable; any?: string }) {
  const languages = Object.keys(words.value.languages)
    .filter((name) => name === "en" || name === "zh")
    .map((name) => [name, named(words.value.languages, name)]);
  return (
    <Choice
      label={props.label}
      value={props.value}
      options={props.any ? [["", props.any], ...languages] : languages}
    />
  );
}

/** A visible label over one field. */
export function Labelled(props: { label: string; hint?: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label class="labelled">
      <span>
        {props.label}
        {props.hint ? <small>{props.hint}</small> : null}
      </span>
      {props.children}
    </label>
  );
}

/** One of a few, side by side. */
export function Switch(props: {
  label: string;
  value: Signal<string>;
  options: [string, string][];
}) {
  return (
    <div class="filter" role="group" aria-label={props.label}>
      {props.options.map(([value, text]) => (
        <button
          key={value}
          type="button"
          aria-pressed={props.value.value === value}
          onClick={() => {
            props.value.value = value;
          }}
        >
          {text}
        </button>
      ))}
    </div>
  );
}
