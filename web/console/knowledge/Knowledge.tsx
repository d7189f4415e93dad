// The knowledge base: its documents, and everything that tells editors how they are doing.

import { useEffect } from "preact/hooks";
import { maySee } from "../state.ts";
import { words } from "../words.ts";
import { here, loadPeople, mayEdit, told } from "./acting.ts";
import { CoveragePage } from "./CoveragePage.tsx";
import { DocumentPage } from "./DocumentPage.tsx";
import { Documents } from "./Documents.tsx";
import { Editor } from "./Editor.tsx";
import { GapsPage } from "./GapsPage.tsx";
import { HealthPage } from "./HealthPage.tsx";
import { ImportPage } from "./ImportPage.tsx";
import { Imports } from "./Imports.tsx";
import { Summaries } from "./Summaries.tsx";
import { TestQuestion } from "./TestQuestion.tsx";
import { knowledgeWords } from "./words.ts";

export { makeArticle } from "./making.ts";

const TABS = ["documents", "imports", "health", "coverage", "gaps", "test", "summaries"];
const OF_AGENTS = ["test", "summaries"];

export function Knowledge() {
  const w = knowledgeWords.value;
  const { page, id } = here.value;
  const tabs = mayEdit.value ? TABS : OF_AGENTS;
  const current = page === "write" ? "documents" : (page ?? tabs[0] ?? "");

  useEffect(() => {
    void loadPeople();
  }, []);

  if (!maySee("knowledge")) return <p class="nothing">{words.value.notAllowed}</p>;
  return (
    <div class="sheet knowledge">
      <header class="sheet-top">
        <div>
          <h1>{w.title}</h1>
          <p class="fine">{mayEdit.value ? w.intro : w.introAgent}</p>
        </div>
      </header>
      <nav class="tabs" aria-label={w.title}>
        {tabs.map((name) => (
          <a
            key={name}
            href={`/console/knowledge/${name}`}
            aria-current={name === current ? "page" : undefined}
          >
            {w.tabs[name]}
          </a>
        ))}
      </nav>
      <p class={told.value ? "seal good" : "unseen"} role="status">
        {told.value}
      </p>
      <Page page={current} id={id} isWriting={page === "write"} />
    </div>
  );
}

function Page(props: { page: string; id: string | null; isWriting: boolean }) {
  const { page, id } = props;
  if (props.isWriting) return <Editor key={id ?? "new"} slot={id ?? "new"} />;
  // a document may be read by who may not list them all: a source or a draft leads to it
  if (page === "documents" && id) return <DocumentPage key={id} id={id} />;
  if (page === "summaries") return <Summaries />;
  if (page === "test") return <TestQuestion />;
  if (!mayEdit.value) return <p class="empty">{words.value.notAllowed}</p>;
  if (page === "imports") return id ? <ImportPage key={id} id={id} /> : <Imports />;
  if (page === "health") return <HealthPage />;
  if (page === "coverage") return <CoveragePage />;
  if (page === "gaps") return <GapsPage />;
  return <Documents />;
}
