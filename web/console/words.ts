// The console's words in the current language.

import { humanise } from "../shared/format.ts";
import { en } from "../shared/i18n/console.en.ts";
import { zh } from "../shared/i18n/console.zh.ts";
import { dictionary } from "../shared/i18n/locale.ts";

export const words = dictionary(en, zh);

/** A known key in words, an unknown one made readable. */
export function named(names: Record<string, string>, key: string | null | undefined): string {
  if (!key) return words.value.noneKey;
  return names[key] ?? humanise(key);
}

/** `rule:stolen_card` and its kin as one sentence; a doubt by the check that raised it. */
export function reasonSentence(reason: string, check = ""): string {
  const w = words.value;
  const [kind = "", name = ""] = reason.split(":");
  const sentence = w.reasons[`${kind}_${check}`] ?? w.reasons[kind];
  if (!sentence) return humanise(reason);
  return sentence.replace("{name}", humanise(name));
}

/** The same for a list, in two or three words. */
export function reasonShort(reason: string): string {
  const [kind = "", name = ""] = reason.split(":");
  return words.value.shortReasons[kind] ?? humanise(name || kind);
}
