"""Customers' questions that got no answer or a bad one, and what each of them lacks. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from app.content_filter import mask_for_log
from app.content_filter.placeholders import without_placeholders


class Lack(StrEnum):
    """What was wrong with the answer to a question."""

    ABSTAINED = "abstained"  # the knowledge route found nothing that is sure enough
    OUT_OF_SCOPE = "out_of_scope"  # no intent fitted, and no article answered
    RATED_DOWN = "rated_down"  # answered with sources, which did not help
    LOW_CSAT = "low_csat"  # answered with sources in a conversation that was rated 1 or 2


UNANSWERED = frozenset({Lack.ABSTAINED, Lack.OUT_OF_SCOPE})


@dataclass(frozen=True, slots=True)
class Question:
    """One message of a customer, masked as for somebody who may not read conversations."""

    message_id: str
    conversation_id: str
    text: str
    language: str
    asked_at: datetime
    intent: str | None
    lacks: frozenset[Lack]

    @property
    def words(self) -> str:
        """What is compared and counted: without what stands in place of masked values."""
        return without_placeholders(self.text)

    @property
    def is_unanswered(self) -> bool:
        return bool(self.lacks & UNANSWERED)


def join_questions(found: Iterable[Question], *, limit: int) -> Sequence[Question]:
    """Each message once with all that it lacks, newest first, at most `limit`.

    What consists of masked values alone is no question that an article could answer.
    """
    joined: dict[str, Question] = {}
    for question in found:
        masked = replace(question, text=mask_for_log(question.text))
        if not any(map(str.isalnum, masked.words)):
            continue
        known = joined.get(question.message_id, masked)
        joined[question.message_id] = replace(known, lacks=known.lacks | question.lacks)
    newest = sorted(joined.values(), key=lambda question: question.message_id, reverse=True)
    return newest[:limit]
