// The words of the knowledge base, and how its parts are named.

import { en } from "../../shared/i18n/knowledge.en.ts";
import { zh } from "../../shared/i18n/knowledge.zh.ts";
import { dictionary } from "../../shared/i18n/locale.ts";

export const knowledgeWords = dictionary(en, zh);
