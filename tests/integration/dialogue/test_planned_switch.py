"""A planned version takes over while a turn looks for its answer: the customer still gets one."""

from datetime import timedelta

import pytest

from app.audit_trail import SYSTEM
from app.clock import utc_now
from app.knowledge.releases import ReleaseService
from app.knowledge.schemas import DocumentCreate
from app.knowledge.service import KnowledgeService
from knowledge_base import Answer, Citation
from tests.fixtures.callers import Api, widget_api
from tests.fixtures.service import Service

QUESTION = "How do I activate my card?"
OLD, NEW = "Activate it in the app.", "Activate it with the first payment."


class FirstVersion:
    """Found the first version, just before the second took over."""

    index_version = "before-the-switch"

    def __init__(self, document_id: str) -> None:
        citation = Citation(document_id, 1, f"{document_id}:1:0", "Card", OLD)
        self._answer = Answer(OLD, 0.9, (citation,), self.index_version)

    def answer(self, *_question: object, **_how: object) -> Answer:
        return self._answer


@pytest.fixture
def planned(sqlite_service: Service, monkeypatch: pytest.MonkeyPatch) -> str:
    """A document whose second version takes over tomorrow, and is cited in its first one."""
    parts = sqlite_service.parts
    with parts.database.write() as session:
        service, releases = KnowledgeService(session, SYSTEM), ReleaseService(session, SYSTEM)
        first = DocumentCreate(title="Card", body=OLD, locale="en")
        document_id = releases.publish_as_system(service.create(first)).document.id
        tomorrow = utc_now() + timedelta(days=1)
        second = DocumentCreate(title="Card", body=NEW, locale="en", effective_from=tomorrow)
        releases.publish_as_system(service.add_version(document_id, second))
    monkeypatch.setattr(parts, "knowledge", FirstVersion(document_id))
    return document_id


@pytest.fixture
def customer(sqlite_service: Service) -> Api:
    return widget_api(sqlite_service)


@pytest.mark.usefixtures("planned")
def test_what_was_read_when_the_question_came_is_an_answer(
    customer: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.knowledge.lookup.utc_now", lambda: utc_now() + timedelta(days=2))
    reply = customer.say(customer.open_conversation(locale="en"), QUESTION)["reply"]
    assert (reply["text"], reply["citations"][0]["version"]) == (OLD, 1)


def test_what_was_withdrawn_meanwhile_is_not(
    sqlite_service: Service, customer: Api, planned: str
) -> None:
    with sqlite_service.parts.database.write() as session:
        ReleaseService(session, SYSTEM).withdraw(planned)
    answered = customer.say(customer.open_conversation(locale="en"), QUESTION)
    assert answered["reply"]["text"] != OLD
    assert answered["handoff"]["reason"] == "no_answer"
