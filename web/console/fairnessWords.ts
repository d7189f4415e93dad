// The words of the fairness page in the current language.

import { en } from "../shared/i18n/fairness.en.ts";
import { zh } from "../shared/i18n/fairness.zh.ts";
import { dictionary } from "../shared/i18n/locale.ts";

export const fairnessWords = dictionary(en, zh);
