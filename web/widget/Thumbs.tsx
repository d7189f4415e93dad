// Whether an answer with sources helped: two small buttons, one of them pressed at most.

import type { Message } from "../shared/api.ts";
import { rateAnswer } from "./actions.ts";
import { Icon } from "./icons.tsx";
import { words } from "./words.ts";

export function Thumbs({ message }: { message: Message }) {
  const w = words.value;
  if (message.author !== "assistant" || !message.citations?.length) return null;
  return (
    <div class="thumbs" role="group" aria-label={w.didItHelp}>
      {[true, false].map((helpful) => {
        const label = helpful ? w.helped : w.didNotHelp;
        return (
          <button
            key={label}
            type="button"
            title={label}
            aria-label={label}
            aria-pressed={message.rating?.helpful === helpful}
            onClick={() => void rateAnswer(message.id, helpful)}
          >
            <Icon name={helpful ? "up" : "down"} size={16} />
          </button>
        );
      })}
    </div>
  );
}
