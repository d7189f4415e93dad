// The panel's words in the current language.

import { dictionary } from "../shared/i18n/locale.ts";
import { en } from "../shared/i18n/widget.en.ts";
import { zh } from "../shared/i18n/widget.zh.ts";

export const words = dictionary(en, zh);
