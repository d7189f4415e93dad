// The last days that a finding looks at.

import type { Signal } from "@preact/signals";
import { fill } from "../../shared/format.ts";
import { words } from "../words.ts";
import { Switch } from "./fields.tsx";
import { knowledgeWords } from "./words.ts";

const PRESETS = ["7", "30", "90"];

export function PeriodChoice({ value }: { value: Signal<string> }) {
  const w = knowledgeWords.value;
  const options = PRESETS.map((n): [string, string] => [n, fill(w.lastDays, { n })]);
  return <Switch label={words.value.period} value={value} options={options} />;
}

/** The begin of a period that ends now. */
export function since(days: string): string {
  return new Date(Date.now() - Number(days) * 86_400_000).toISOString();
}
