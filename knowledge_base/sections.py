"""Choose the sections of an article that answer a question. Knows hits, no rights, no files."""

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge_base.asked_for import Asked, asked_for, offers
from knowledge_base.evidence import coverage
from knowledge_base.keyword_index import KeywordIndex
from knowledge_base.sentences import sentence_spans
from knowledge_base.tokens import has_cjk
from knowledge_base.types import Chunk, Hit

_SHORTEST_OVERLAP = 4  # characters that the end of a chunk and the next one's start must share


@dataclass(frozen=True, slots=True)
class SectionSettings:
    """How sections are weighed; the defaults are measured, see docs/experiments/LOG.md."""

    intent: float = 0.15  # the article is tagged with the intent that the router saw
    main_intent: float = 0.15  # and that intent is the first of its tags
    heading_kind: float = 0.3  # the heading asks for what the question asks for
    text_kind: float = 0.2  # the text holds a price, a time ... where the question asks for one
    coverage: float = 0.3  # of question by section and by its best sentence, without a vector
    close: float = 0.25  # a second section of the article that is this near is given as well
    articles: int = 5  # those of the first hits, whose sections are compared
    longest: int = 700  # characters of an answer, a Chinese one counts twice


@dataclass(frozen=True, slots=True)
class ScoredSection:
    """A section of an article: its best chunk, all chunks in reading order, and its score."""

    best: Chunk
    chunks: tuple[Chunk, ...]
    score: float

    @property
    def pieces(self) -> tuple[tuple[Chunk, str], ...]:
        """Exact spans of the document with the chunk each begins in; overlaps are joined."""
        pieces = [(self.chunks[0], self.chunks[0].text)]
        for chunk in self.chunks[1:]:
            first, text = pieces[-1]
            shared = _overlap(text, chunk.text)
            if shared:
                pieces[-1] = (first, text + chunk.text[shared:])
            else:
                pieces.append((chunk, chunk.text))
        return tuple(pieces)

    @property
    def width(self) -> int:
        """Characters of all pieces, a Chinese one twice."""
        return sum(1 + has_cjk(character) for _, text in self.pieces for character in text)


def choose_sections(
    question: str,
    hits: Sequence[Hit],
    keywords: KeywordIndex,
    *,
    intent: str | None = None,
    settings: SectionSettings | None = None,
) -> list[ScoredSection]:
    """The best section, and a second one of the same article where it is close and short."""
    settings = settings or SectionSettings()
    ranked = _rank(question, hits, keywords, intent=intent, settings=settings)
    if not ranked:
        return []
    best = ranked[0]
    second = next(
        (other for other in ranked[1:] if other.best.document_id == best.best.document_id), None
    )
    fits = (
        second is not None
        and best.score - second.score < settings.close
        and best.width + second.width <= settings.longest
    )
    return [best, second] if fits and second is not None else [best]


def _rank(
    question: str,
    hits: Sequence[Hit],
    keywords: KeywordIndex,
    *,
    intent: str | None,
    settings: SectionSettings,
) -> list[ScoredSection]:
    asked = asked_for(question)
    groups: dict[tuple[str, int, tuple[str, ...]], list[Hit]] = {}
    articles = list(dict.fromkeys(hit.chunk.document_id for hit in hits))[: settings.articles]
    for hit in hits:
        chunk = hit.chunk
        if chunk.document_id not in articles:
            continue
        groups.setdefault((chunk.document_id, chunk.version, chunk.headings), []).append(hit)
    sections: list[ScoredSection] = []
    for group in groups.values():
        chunks = tuple(sorted((hit.chunk for hit in group), key=_ordinal))
        score = group[0].score + settings.intent * (intent in chunks[0].intents)
        score += settings.main_intent * (intent in chunks[0].intents[:1])
        score += _kind_score(asked, chunks, settings)
        if group[0].dense_score is None:
            text = "\n\n".join(chunk.text for chunk in chunks)
            score += settings.coverage * _lexical(question, text, keywords)
        sections.append(ScoredSection(group[0].chunk, chunks, score))
    return sorted(sections, key=lambda section: -section.score)


def _kind_score(
    asked: frozenset[Asked], chunks: Sequence[Chunk], settings: SectionSettings
) -> float:
    heading = chunks[0].headings[-1] if chunks[0].headings else ""
    in_text = any(offers(chunk.text, asked) for chunk in chunks)
    in_heading = len(asked & asked_for(heading)) / max(1, len(asked))
    return settings.heading_kind * in_heading + settings.text_kind * in_text


def _lexical(question: str, text: str, keywords: KeywordIndex) -> float:
    """Coverage by the text plus that by its best sentence, list line or table row."""
    lines = [line for line in text.split("\n") if line.strip()]
    units = [line[start:end] for line in lines for start, end in sentence_spans(line, 0, len(line))]
    best = max((coverage(question, unit, keywords) for unit in units), default=0.0)
    return coverage(question, text, keywords) + best


def _overlap(text: str, following: str) -> int:
    """How many characters the second text repeats from the end of the first."""
    for size in range(min(len(text), len(following)), _SHORTEST_OVERLAP - 1, -1):
        if text.endswith(following[:size]):
            return size
    return 0


def _ordinal(chunk: Chunk) -> int:
    return int(chunk.chunk_id.rsplit(":", 1)[-1])
