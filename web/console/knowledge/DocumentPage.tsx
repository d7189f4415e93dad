// One document: its text, its facts, what customers read of it and when, its versions and ratings.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Page } from "../../shared/api.ts";
import { dateAndClock, fill } from "../../shared/format.ts";
import { locale } from "../../shared/i18n/locale.ts";
import type { DocumentText, Publication, Version, VersionRatings } from "../../shared/knowledge.ts";
import { Markdown } from "../../shared/markdown.tsx";
import { call } from "../state.ts";
import { named, words } from "../words.ts";
import { mayEdit, people, personName, tryTo } from "./acting.ts";
import { DocumentActs } from "./DocumentActs.tsx";
import { DocumentFacts } from "./DocumentFacts.tsx";
import { langOf } from "./Documents.tsx";
import { DraftOrigin } from "./DraftOrigin.tsx";
import { Ratings } from "./Ratings.tsx";
import { Timeline } from "./Timeline.tsx";
import { Versions } from "./Versions.tsx";
import { knowledgeWords } from "./words.ts";

export interface Known {
  document: DocumentText;
  versions: Version[];
  publications: Publication[];
  ratings: VersionRatings[];
}

export function DocumentPage({ id }: { id: string }) {
  const w = knowledgeWords.value;
  const known = useSignal<Known | null>(null);
  const hasFailed = useSignal(false);
  const path = `/v1/knowledge/documents/${id}`;

  async function load() {
    const ratings = mayEdit.value
      ? call<{ versions: VersionRatings[] }>("GET", `${path}/ratings`)
      : Promise.resolve({ versions: [] });
    const found = await tryTo(() =>
      Promise.all([
        call<DocumentText>("GET", path),
        call<Page<Version>>("GET", `${path}/versions?limit=100`),
        call<Page<Publication>>("GET", `${path}/publications?limit=100`),
        ratings,
      ]),
    );
    hasFailed.value = !found;
    if (!found) return;
    const [document, versions, publications, rated] = found;
    known.value = {
      document,
      versions: versions.items,
      publications: publications.items,
      ratings: rated.versions,
    };
  }

  useEffect(() => {
    void load();
  }, []);

  if (!known.value) return <p class="empty">{hasFailed.value ? "" : words.value.loading}</p>;
  const { document, publications, ratings } = known.value;
  return (
    <article class="document">
      {mayEdit.value ? (
        <p class="fine">
          <a href="/console/knowledge/documents">← {w.allDocuments}</a>
        </p>
      ) : null}
      <header class="document-top">
        <div>
          <h2 lang={langOf(document.locale)}>{document.title}</h2>
          <Standing document={document} />
        </div>
        <DocumentActs document={document} publications={publications} onDone={load} />
      </header>
      <Rejection document={document} />
      <DraftOrigin id={id} />
      <div class="columns document-body">
        <section aria-labelledby="text-title">
          <h3 id="text-title">{w.text}</h3>
          <Text document={document} />
        </section>
        <DocumentFacts document={document} />
      </div>
      <Timeline publications={publications} />
      <Versions known={known.value} onDone={load} />
      {mayEdit.value ? <Ratings versions={ratings} /> : null}
    </article>
  );
}

function Standing({ document }: { document: DocumentText }) {
  const w = knowledgeWords.value;
  const { published_version: shown, version } = document;
  const when = document.shown_from ? dateAndClock(document.shown_from, locale.value) : "";
  const isAhead = document.status === "scheduled";
  return (
    <p class="standing-line">
      <span class={`mark ${document.status}`}>{named(w.statuses, document.status)}</span>
      <span class="fine">
        {fill(w.versionN, { n: version })}
        {when && document.status !== "retired"
          ? `, ${fill(isAhead ? w.from : w.since, { time: when })}`
          : ""}
        {" · "}
        {fill(w.writtenBy, { name: personName(document.author) })}
        {document.approver_id
          ? ` · ${fill(w.approvedBy, { name: people.value[document.approver_id] ?? w.somebody })}`
          : ""}
      </span>
      {shown && shown !== version ? (
        <span class="notice warn">{fill(w.newerVersion, { n: version, m: shown })}</span>
      ) : null}
    </p>
  );
}

function Rejection({ document }: { document: DocumentText }) {
  const w = knowledgeWords.value;
  const { rejection, status } = document;
  if (!rejection || status !== "draft") return null;
  return (
    <p class="notice warn">
      {fill(w.rejected, {
        name: people.value[rejection.by_id] ?? w.somebody,
        time: dateAndClock(rejection.at, locale.value),
        reason: rejection.reason,
      })}
    </p>
  );
}

function Text({ document }: { document: DocumentText }) {
  const w = knowledgeWords.value;
  const isMarkdown = document.format === "markdown";
  return (
    <div class="paper" lang={langOf(document.locale)}>
      {isMarkdown ? <Markdown text={document.body} /> : <p class="pre">{document.body}</p>}
      {document.format === "html" ? (
        <p class="fine">{fill(w.htmlNote, { format: "HTML" })}</p>
      ) : null}
    </div>
  );
}
