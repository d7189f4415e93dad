"""Intents that are missing: group what no intent fitted, keep what people made of each group."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from app.audit_trail import record
from app.clock import utc_now
from app.db.job import JobRecord
from app.db.label import IntentSuggestionRecord
from app.errors import NotFound, StateConflict
from app.jobs.enqueue import enqueue
from app.labels.overlap import match_groups
from app.labels.service import LabelService, Person
from app.labels.suggestion_repository import SuggestionRepository, Unfitted
from app.labels.training_set import text_key
from models.types import Encoder
from routing.clustering import TYPICAL_TEXTS, Cluster, cluster_texts
from routing.dataset import load_utterances

SUGGEST = "labels.suggest_intents"
SHOWN_OF_INTENT = 12  # utterances that stand for an existing intent
MOST_REMEMBERED = 5_000  # digests by which a group is known again
MOST_LABELLED = 500


@dataclass(frozen=True, slots=True)
class Period:
    """Which traffic was looked at."""

    start: datetime
    end: datetime

    @property
    def middle(self) -> datetime:
        return self.start + (self.end - self.start) / 2


@dataclass(frozen=True, slots=True)
class Group:
    """Messages that ask for one thing, most typical first."""

    language: str
    cluster: Cluster
    members: tuple[Unfitted, ...]

    @property
    def keys(self) -> set[str]:
        return {text_key(member.text)[:16] for member in self.members}

    @property
    def typical(self) -> list[str]:
        different = {text_key(member.text): member.text for member in reversed(self.members)}
        return list(reversed(different.values()))[:TYPICAL_TEXTS]


class SuggestionService:
    """What a reviewer does with suggestions."""

    def __init__(self, session: Session, person: Person) -> None:
        self.session = session
        self.person = person
        self.suggestions = SuggestionRepository(session)

    def refresh(self, *, days: int) -> JobRecord:
        """A job that groups the traffic of some days; one that waits already will do."""
        waiting = self.suggestions.find_waiting_job(SUGGEST)
        if waiting is not None:
            return waiting
        job = enqueue(self.session, SUGGEST, days=days)
        record(
            self.session,
            "labels.suggestions_requested",
            actor=self.person.actor,
            subject=job.id,
            days=days,
        )
        return job

    def dismiss(self, suggestion_id: str) -> IntentSuggestionRecord:
        """Nothing to learn here; the same group stays dismissed when it is found again."""
        row = self._lock(suggestion_id)
        if row.status != "dismissed":
            self._require_open(row)
            self._close(row, "dismissed")
        return row

    def label(self, suggestion_id: str, intent: str) -> tuple[IntentSuggestionRecord, int]:
        """Every message of the group waits for review under an existing intent."""
        row = self._lock(suggestion_id)
        self._require_open(row)
        service = LabelService(self.session, self.person)
        decided = service.labels.list_unlabelled(row.decision_ids[:MOST_LABELLED])
        for message in decided:
            service.add(message, intent, suggestion_id=row.id)
        row.labelled_as = intent
        self._close(row, "labelled")
        return row, len(decided)

    def _lock(self, suggestion_id: str) -> IntentSuggestionRecord:
        row = self.suggestions.lock(suggestion_id)
        if row is None:
            raise NotFound("No such suggestion.", code="suggestion_not_found")
        return row

    def _require_open(self, row: IntentSuggestionRecord) -> None:
        if row.status not in ("open", "gone"):
            raise StateConflict(f"The suggestion is {row.status}.", code="suggestion_closed")

    def _close(self, row: IntentSuggestionRecord, status: str) -> None:
        row.status, row.closed_at = status, utc_now()
        row.closed_by, row.closed_by_name = str(self.person.actor), self.person.name
        self.session.flush()
        record(
            self.session,
            f"labels.suggestion_{status}",
            actor=self.person.actor,
            subject=row.id,
            intent=row.labelled_as,
            size=row.size,
        )


def group_traffic(
    session: Session, *, days: int, encoder: Encoder, base: Path | None
) -> tuple[list[Group], Period]:
    """Groups of the period, language by language."""
    now = utc_now()
    period = Period(now - timedelta(days=days), now)
    by_language: dict[str, list[Unfitted]] = defaultdict(list)
    for message in SuggestionRepository(session).list_unfitted(since=period.start):
        by_language[message.language].append(message)
    groups = []
    for language, messages in sorted(by_language.items()):
        clusters = cluster_texts(
            [message.text for message in messages],
            language=language,
            encoder=encoder,
            known=_known(base, language),
        )
        groups += [
            Group(language, cluster, tuple(messages[place] for place in cluster.members))
            for cluster in clusters
        ]
    return groups, period


def keep_groups(session: Session, groups: Sequence[Group], period: Period) -> int:
    """Known groups are brought up to date, new ones added; open ones that ended are gone."""
    suggestions = SuggestionRepository(session)
    known = {row.id: row for row in suggestions.list_all_locked()}
    fresh = {str(place): group for place, group in enumerate(groups)}
    matched = match_groups(
        {name: group.keys for name, group in fresh.items()},
        {row_id: row.member_keys for row_id, row in known.items()},
    )
    for name, group in fresh.items():
        row = known.get(matched.get(name, ""))
        if row is None:
            row = IntentSuggestionRecord(status="open", member_keys=[], language=group.language)
            session.add(row)
        elif row.status == "gone":
            row.status = "open"
        _describe(row, group, period)
    for row_id, row in known.items():
        if row.status == "open" and row_id not in matched.values():
            row.status = "gone"
    session.flush()
    return len(groups)


def _describe(row: IntentSuggestionRecord, group: Group, period: Period) -> None:
    row.name, row.texts = group.cluster.name[:200], group.typical
    row.size = len(group.members)
    row.recent = sum(member.created_at >= period.middle for member in group.members)
    row.earlier = row.size - row.recent
    nearest = group.cluster.nearest
    row.nearest_intent = nearest.intent if nearest else None
    row.nearest_similarity = round(nearest.similarity, 3) if nearest else None
    row.decision_ids = [member.decision_id for member in group.members]
    remembered = dict.fromkeys([*sorted(group.keys), *row.member_keys])
    row.member_keys = list(remembered)[:MOST_REMEMBERED]
    row.period_from, row.period_to, row.updated_at = period.start, period.end, period.end


def _known(base: Path | None, language: str) -> Mapping[str, Sequence[str]]:
    """A few utterances of each existing intent, spread over the file."""
    everything: dict[str, list[str]] = defaultdict(list)
    for utterance in load_utterances(base):
        if utterance.language == language and utterance.intent is not None:
            everything[utterance.intent].append(utterance.text)
    return {
        intent: texts[:: max(1, len(texts) // SHOWN_OF_INTENT)][:SHOWN_OF_INTENT]
        for intent, texts in sorted(everything.items())
    }
