"""Answer from cited chunks in the editors' own words, or abstain. Generates nothing."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from knowledge_base.evidence import EvidenceSettings, confidence, evidence
from knowledge_base.passages import PassageSettings, choose_passage
from knowledge_base.retriever import Retriever
from knowledge_base.sections import ScoredSection, SectionSettings, choose_sections
from knowledge_base.tokens import language_of
from knowledge_base.types import Answer, Audience, Chunk, Citation, Hit

ACCEPT = 0.5  # the confidence at the abstain threshold, by construction


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """How sure an answer must be and how long it may be."""

    candidates: int = 100  # hits whose sections are compared
    intent_evidence: float = 0.1  # the router saw the intent that the document is tagged with
    evidence: EvidenceSettings = field(default_factory=EvidenceSettings)
    sections: SectionSettings = field(default_factory=SectionSettings)
    passage: PassageSettings = field(default_factory=PassageSettings)  # of a section too long


class Answerer:
    """Grounded answers from one index version."""

    def __init__(self, retriever: Retriever, settings: AnswerSettings | None = None) -> None:
        self._retriever = retriever
        self._settings = settings or AnswerSettings()

    def answer(
        self,
        question: str,
        *,
        locale: str | None = None,
        audiences: Collection[Audience] = (Audience.PUBLIC,),
        intent: str | None = None,
        as_of: datetime | None = None,
    ) -> Answer:
        """The best sections with citations, or an abstention that still says how sure it was."""
        language = locale or language_of(question)
        hits = self._retriever.search(
            question,
            k=self._settings.candidates,
            locale=language,
            audiences=audiences,
            intent=intent,
            as_of=as_of,
        )
        version = self._retriever.index.version
        if not hits:
            return Answer(text=None, confidence=0.0, index_version=version)
        best = hits[0]
        certainty = self.confidence(question, best, intent=intent)
        if certainty < ACCEPT:
            return Answer(text=None, confidence=certainty, index_version=version)
        sections = choose_sections(
            question,
            hits,
            self._retriever.index.keywords,
            intent=intent,
            settings=self._settings.sections,
        )
        citations = tuple(item for section in sections for item in self._cite(question, section))
        text = "\n\n".join(citation.quote for citation in citations)
        return Answer(text, certainty, citations, version)

    def confidence(self, question: str, hit: Hit, *, intent: str | None = None) -> float:
        """How sure we are that this chunk answers the question; 0.5 is the abstain threshold."""
        index = self._retriever.index
        amount = evidence(question, hit, index.keywords, self._settings.evidence)
        if intent is not None and intent in hit.chunk.intents:
            amount += self._settings.intent_evidence
        threshold = index.manifest.abstain_thresholds.get(hit.chunk.locale, 1.0)
        return confidence(amount, threshold, self._settings.evidence)

    def _cite(self, question: str, section: ScoredSection) -> list[Citation]:
        """The whole section; of one that is too long, the passage of its best chunk."""
        if section.width <= self._settings.sections.longest:
            return [_citation(chunk, text) for chunk, text in section.pieces]
        chunk = section.best
        start, end = choose_passage(
            question, chunk.text, self._retriever.index.keywords, self._settings.passage
        )
        return [_citation(chunk, chunk.text[start:end])]


def _citation(chunk: Chunk, quote: str) -> Citation:
    return Citation(
        document_id=chunk.document_id,
        version=chunk.version,
        chunk_id=chunk.chunk_id,
        title=chunk.title,
        quote=quote,
        url=chunk.source_url,
    )
