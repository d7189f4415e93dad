// What customers made of the answers that cite a document, version by version.

import { count, decimal, fill, percent } from "../../shared/format.ts";
import { locale } from "../../shared/i18n/locale.ts";
import type { VersionRatings } from "../../shared/knowledge.ts";
import { knowledgeWords } from "./words.ts";

export function Ratings({ versions }: { versions: VersionRatings[] }) {
  const w = knowledgeWords.value;
  return (
    <section aria-labelledby="ratings-title">
      <h3 id="ratings-title">{w.ratings}</h3>
      {versions.length ? <Table versions={versions} /> : <p class="fine">{w.noRatings}</p>}
    </section>
  );
}

function Table({ versions }: { versions: VersionRatings[] }) {
  const w = knowledgeWords.value;
  const l = locale.value;
  const heads = [w.citedIn, w.helpfulShare, w.interval95, w.thumbs, w.csat];
  return (
    <div class="scroll">
      <table class="numbers">
        <thead>
          <tr>
            <th scope="col">{w.versions}</th>
            {heads.map((head) => (
              <th key={head} scope="col" class="number">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {versions.map((one) => {
            const share = one.share_helpful;
            return (
              <tr key={one.version}>
                <th scope="row">{fill(w.versionN, { n: one.version })}</th>
                <td class="number">{count(one.cited, l)}</td>
                <td class="number">{percent(share?.value, l, 0)}</td>
                <td class="number">
                  {share ? `${percent(share.low, l, 0)} – ${percent(share.high, l, 0)}` : "–"}
                </td>
                <td class="number">
                  {one.helpful} / {one.helpful + one.not_helpful}
                </td>
                <td class="number">
                  {one.csat
                    ? fill(w.csatOf, { mean: decimal(one.csat.mean, l, 1), n: one.csat.n })
                    : "–"}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
