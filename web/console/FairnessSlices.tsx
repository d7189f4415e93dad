// How real traffic went by language and channel; small slices are grey.

import type { Rate, Slices } from "../shared/fairness.ts";
import { count, fill, percent } from "../shared/format.ts";
import { locale } from "../shared/i18n/locale.ts";
import { fairnessWords } from "./fairnessWords.ts";
import { named, words } from "./words.ts";

export function FairnessSlices({ found }: { found: Slices }) {
  const w = fairnessWords.value;
  const l = locale.value;
  return (
    <section>
      <header class="sheet-sub">
        <h2>{w.slices}</h2>
      </header>
      {found.slices.length ? (
        <>
          <p class="fine">{fill(w.slicesHint, { n: count(found.smallest_judged, l) })}</p>
          <div class="scroll">
            <table class="numbers">
              <thead>
                <tr>
                  <th scope="col">
                    {w.by.language} / {w.by.channel}
                  </th>
                  {[w.turns, w.answered, w.asked, w.handedOver, w.right].map((head) => (
                    <th key={head} scope="col" class="number">
                      {head}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {found.slices.map((slice) => (
                  <tr
                    key={`${slice.by}:${slice.key}`}
                    class={slice.is_large_enough ? "" : "small-slice"}
                  >
                    <th scope="row">
                      {w.by[slice.by]}{" "}
                      {named(
                        slice.by === "language" ? words.value.languages : words.value.channels,
                        slice.key,
                      )}
                    </th>
                    <td class="number">{count(slice.turns, l)}</td>
                    <Cell rate={slice.answer} />
                    <Cell rate={slice.clarify} />
                    <Cell rate={slice.handoff} />
                    <Cell rate={slice.accuracy} />
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      ) : (
        <p class="empty">{w.noSlices}</p>
      )}
    </section>
  );
}

function Cell({ rate }: { rate: Rate }) {
  const l = locale.value;
  if (!rate.n) return <td class="number">– (n = 0)</td>;
  return (
    <td class="number">
      {percent(rate.share, l)}{" "}
      <span class="fine">
        ({percent(rate.low, l, 0)} – {percent(rate.high, l, 0)})
      </span>
    </td>
  );
}
