"""What the articles lack: customers' questions without a good answer, grouped by topic.

Its cost is bounded: so many questions are looked at, so many groups held against the articles.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.analytics.filters import Period
from app.editorial.questions import Lack, Question, join_questions
from app.editorial.repository import EditorialRepository
from app.knowledge.lookup import keep_current
from app.parts import Parts
from knowledge_base import Audience, Chunk, IndexUnavailable
from routing.clustering import TYPICAL_TEXTS, Cluster, cluster_texts

MOST_QUESTIONS = 1_000
MOST_GROUPS = 50
MOST_JUDGED = 100  # groups held against the articles, the largest first
# confidence from which a question that no intent fits is the bank's business: keeps 89 % of our
# golden banking questions without an article (Chinese: 93 %), and 14 % of other talk (24 %)
BANKING = 0.15
_LOOKED_AT = 5  # hits in which the nearest article that is current is looked for


@dataclass(frozen=True, slots=True)
class Nearest:
    """The article that says most about a question, though not enough or not well."""

    document_id: str
    version: int
    title: str
    similarity: float | None  # cosine; None where the encoder cannot read the language


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the articles of today say to a group's most typical question."""

    confidence: float
    is_answered: bool
    nearest: Nearest | None


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions about one thing, most typical first."""

    language: str
    cluster: Cluster
    questions: tuple[Question, ...]
    verdict: Verdict | None  # None where there is no index

    @property
    def lacks(self) -> dict[Lack, int]:
        """How many questions lack what; one may lack several things."""
        counted = Counter(lack for question in self.questions for lack in question.lacks)
        return {lack: counted[lack] for lack in Lack}

    @property
    def unanswered(self) -> int:
        return sum(question.is_unanswered for question in self.questions)

    @property
    def typical(self) -> list[Question]:
        """Questions in different words, the most typical first."""
        different = {question.text: question for question in reversed(self.questions)}
        return list(reversed(different.values()))[:TYPICAL_TEXTS]

    @property
    def intents(self) -> list[tuple[str, int]]:
        """What the router took them for, the most frequent first."""
        return _intents_of(self.questions)


@dataclass(frozen=True, slots=True)
class Gaps:
    """What was found, and how much was looked at for it."""

    found: tuple[Gap, ...]
    questions: int
    is_cut: bool  # the period holds more questions than were looked at
    off_topic: int  # questions that are none of the bank's business
    left_off: int  # groups beyond those that were looked at or shown


def list_questions(session: Session, period: Period, *, locale: str | None) -> Sequence[Question]:
    """The newest of the period, one more than are looked at where there are more."""
    editorial, limit = EditorialRepository(session), MOST_QUESTIONS + 1
    unanswered = editorial.list_unanswered(period, locale=locale, limit=limit)
    low_rated = editorial.list_low_rated(period, locale=locale, limit=limit)
    return join_questions([*unanswered, *low_rated], limit=limit)


def find_gaps(parts: Parts, questions: Sequence[Question]) -> Gaps:
    """Group them, and hold the largest groups against the articles."""
    looked_at = questions[:MOST_QUESTIONS]
    groups = _group(parts, looked_at)
    found: list[Gap] = []
    off_topic = judged = 0
    for language, cluster, members in groups[:MOST_JUDGED]:
        if len(found) == MOST_GROUPS:
            break
        judged += 1
        gap = Gap(language, cluster, members, _judge(parts, language, members))
        if _is_banking(gap):
            found.append(gap)
        else:
            off_topic += len(members)
    return Gaps(
        tuple(found),
        questions=len(looked_at),
        is_cut=len(questions) > MOST_QUESTIONS,
        off_topic=off_topic,
        left_off=len(groups) - judged,
    )


def _group(
    parts: Parts, questions: Sequence[Question]
) -> list[tuple[str, Cluster, tuple[Question, ...]]]:
    """Language by language, the largest groups first; a question alone is a group, too."""
    by_language: dict[str, list[Question]] = defaultdict(list)
    for question in questions:
        by_language[question.language].append(question)
    groups = [
        (language, cluster, tuple(asked[place] for place in cluster.members))
        for language, asked in sorted(by_language.items())
        for cluster in cluster_texts(
            [question.words for question in asked],
            language=language,
            encoder=parts.grouping_encoder,
            known={},
            smallest=1,
        )
    ]
    return sorted(groups, key=lambda group: -len(group[2]))


def _judge(parts: Parts, language: str, questions: Sequence[Question]) -> Verdict | None:
    """What an editor may read of the articles, asked the most typical question."""
    text, everyone = questions[0].words, tuple(Audience)
    intents = _intents_of(questions)
    try:
        answer = parts.knowledge.answer(
            text,
            locale=language,
            audiences=everyone,
            intent=intents[0][0] if intents else None,
        )
        hits = parts.knowledge.search(text, k=_LOOKED_AT, locale=language, audiences=everyone)
    except IndexUnavailable:
        return None
    with parts.database.read() as session:
        current = keep_current(session, [hit.chunk for hit in hits])
        is_current = len(keep_current(session, answer.citations)) == len(answer.citations)
    cosines = {hit.chunk.chunk_id: hit.dense_score for hit in hits}
    nearest = _nearest(current[0], cosines[current[0].chunk_id]) if current else None
    return Verdict(answer.confidence, answer.text is not None and is_current, nearest)


def _nearest(chunk: Chunk, cosine: float | None) -> Nearest:
    return Nearest(chunk.document_id, chunk.version, chunk.title, cosine)


def _is_banking(gap: Gap) -> bool:
    """Whether any of it was taken for the bank's business, or an article comes near it."""
    if any(question.lacks != {Lack.OUT_OF_SCOPE} for question in gap.questions):
        return True
    return gap.verdict is None or gap.verdict.confidence >= BANKING


def _intents_of(questions: Iterable[Question]) -> list[tuple[str, int]]:
    counted = Counter(question.intent for question in questions if question.intent is not None)
    return counted.most_common()
