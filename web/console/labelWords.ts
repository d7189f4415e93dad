// The words of learning from people, and intents by name.

import { en } from "../shared/i18n/labels.en.ts";
import { zh } from "../shared/i18n/labels.zh.ts";
import { dictionary } from "../shared/i18n/locale.ts";
import { OUT_OF_SCOPE } from "../shared/labels.ts";
import { intentName } from "./state.ts";

export const labelWords = dictionary(en, zh);

/** An intent, or that none fits. */
export function meaning(intent: string | null | undefined): string {
  const isNone = !intent || intent === OUT_OF_SCOPE;
  return isNone ? labelWords.value.none : intentName(intent);
}
