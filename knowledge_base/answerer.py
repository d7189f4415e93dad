"""Answer from cited chunks in the editors' own words, or abstain. Generates nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from knowledge_base.chunk_file import content_hash, embedding_text
from knowledge_base.conflicts import disagree
from knowledge_base.evidence import Calibration, confidence, signals
from knowledge_base.passages import PassageSettings, choose_passage
from knowledge_base.retriever import Retriever
from knowledge_base.sections import ScoredSection, SectionSettings, choose_sections
from knowledge_base.tokens import language_of
from knowledge_base.types import Abstention, Answer, Audience, Chunk, Citation, Hit

_RIVALS = 10  # best chunks of other articles, whose figures are compared


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """How sure an answer must be and how long it may be."""

    candidates: int = 100  # hits whose sections are compared
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
            return Answer(None, 0.0, (), version, Abstention.NOTHING_FOUND)
        certainty = self.confidence(question, hits, intent=intent)
        if certainty < self.calibration(language).accept:
            return Answer(None, certainty, (), version, Abstention.UNSURE)
        sections = choose_sections(
            question,
            hits,
            self._retriever.index.keywords,
            intent=intent,
            settings=self._settings.sections,
        )
        if _is_disputed(sections, hits):
            return Answer(None, certainty, (), version, Abstention.CONFLICT)
        citations = tuple(item for section in sections for item in self._cite(question, section))
        text = "\n\n".join(citation.quote for citation in citations)
        return Answer(text, certainty, citations, version)

    def confidence(self, question: str, hits: Sequence[Hit], *, intent: str | None = None) -> float:
        """How probable it is that the first hit's article answers the question, 0..1."""
        chunk = hits[0].chunk
        found = signals(question, hits, self._retriever.index.keywords)
        agrees = intent is not None and intent in chunk.intents
        return confidence(found, self.calibration(chunk.locale), intent_agrees=agrees)

    def calibration(self, locale: str) -> Calibration:
        """How this index weighs what speaks for an answer, and how sure one must be."""
        return self._retriever.index.manifest.calibration.get(locale, Calibration())

    def _cite(self, question: str, section: ScoredSection) -> list[Citation]:
        """The whole section; of one that is too long, the passage of its best chunk."""
        if section.width <= self._settings.sections.longest:
            return [_citation(chunk, text) for chunk, text in section.pieces]
        chunk = section.best
        start, end = choose_passage(
            question, chunk.text, self._retriever.index.keywords, self._settings.passage
        )
        return [_citation(chunk, chunk.text[start:end])]


def _is_disputed(sections: Sequence[ScoredSection], hits: Sequence[Hit]) -> bool:
    """Whether another article that was found states other figures for what these sections say."""
    ours = [chunk for section in sections for chunk in section.chunks]
    own = {chunk.document_id for chunk in ours}
    others = [hit.chunk for hit in hits if hit.chunk.document_id not in own][:_RIVALS]
    return disagree(ours, others)


def _citation(chunk: Chunk, quote: str) -> Citation:
    return Citation(
        document_id=chunk.document_id,
        version=chunk.version,
        chunk_id=chunk.chunk_id,
        title=chunk.title,
        quote=quote,
        url=chunk.source_url,
        chunk_hash=content_hash(embedding_text(chunk)),
    )
