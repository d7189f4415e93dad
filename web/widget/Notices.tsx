// One line when the connection or an action fails; silent otherwise.

import { useEffect, useState } from "preact/hooks";
import { connection, feed, trouble } from "./store.ts";
import { words } from "./words.ts";

const PATIENCE_MS = 1_500;

export function Notices() {
  const w = words.value;
  const [isLate, setLate] = useState(false);
  const state = connection.value;
  const isDown = feed.value !== null && (state === "connecting" || state === "offline");

  useEffect(() => {
    if (!isDown) return setLate(false);
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isDown]);

  return (
    <div class="notices">
      {isDown && isLate ? (
        <p class="notice" role="status">
          {state === "offline" ? w.offline : w.connecting}{" "}
          {state === "offline" ? (
            <button type="button" onClick={() => dispatchEvent(new Event("online"))}>
              {w.reconnect}
            </button>
          ) : null}
        </p>
      ) : null}
      {trouble.value ? (
        <p class="notice bad" role="alert">
          {w[trouble.value]}{" "}
          <button
            type="button"
            onClick={() => {
              trouble.value = null;
            }}
          >
            OK
          </button>
        </p>
      ) : null}
    </div>
  );
}
