"""What many of these tests do: ask, rate, read the audit trail."""

from typing import Any, cast

from sqlalchemy import select

from app.audit_trail import SYSTEM
from app.db.audit import AuditEventRecord
from app.knowledge.indexing import build_index
from app.knowledge.releases import ReleaseService
from app.knowledge.schemas import DocumentCreate
from app.knowledge.service import KnowledgeService
from knowledge_base import Answer, KnowledgeBase
from routing import IntentRouter, load_taxonomy
from routing.classifier import fixed_classifier
from tests.fixtures.callers import Api, widget_api
from tests.fixtures.service import KEYWORDS, Service

ANSWERED = "How do I activate my new card?"
COINS = (
    "do you deliver foreign coins to my home",
    "can you deliver foreign coins home",
    "please deliver some foreign coins to my home",
)


class NothingAboutCoins:
    """A knowledge base that abstains from coins, however sure it would be of its few articles."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge

    def __getattr__(self, name: str) -> Any:
        return getattr(self._knowledge, name)

    def answer(self, question: str, **limits: Any) -> Answer:
        if "coins" in question or "硬币" in question:
            return Answer(text=None, confidence=0.3)
        return self._knowledge.answer(question, **limits)


def understand_coins(service: Service) -> None:
    """The router knows what they ask for; no article does."""
    words = KEYWORDS | {"coins": "exchange_rate", "硬币": "exchange_rate"}
    service.parts.router = IntentRouter(load_taxonomy(), fixed_classifier(words))
    service.parts.knowledge = cast("KnowledgeBase", NothingAboutCoins(service.parts.knowledge))


def ask_for_coins(service: Service) -> list[str]:
    """Each in a conversation of its own; their ids."""
    understand_coins(service)
    return [ask(widget_api(service), text)[0] for text in COINS]


def ask(api: Api, text: str = ANSWERED) -> tuple[str, dict[str, Any]]:
    """A new conversation with one question; its id and the reply."""
    conversation = api.open_conversation()
    reply: dict[str, Any] = api.say(conversation, text)["reply"]
    return conversation, reply


def rating_path(conversation: str, message: str) -> str:
    return f"/v1/conversations/{conversation}/messages/{message}/rating"


def rate(api: Api, conversation: str, message: str, *, helpful: bool) -> None:
    answer = api.put(rating_path(conversation, message), {"helpful": helpful})
    assert answer.status_code == 200, answer.text


def audited(service: Service, action: str) -> list[str]:
    """Subjects of the audit events of an action, oldest first."""
    with service.parts.database.read() as session:
        rows = session.scalars(
            select(AuditEventRecord.subject)
            .where(AuditEventRecord.action == action)
            .order_by(AuditEventRecord.position)
        )
        return list(rows)


def publish(service: Service, **said: Any) -> str:
    """An article that customers read from now on, in the index as well; its id."""
    content = DocumentCreate.model_validate({"locale": "en"} | said)
    with service.parts.database.write() as session:
        articles = KnowledgeService(session, SYSTEM)
        stored = articles.create(content)
        ReleaseService(session, SYSTEM).publish_as_system(stored)
        document_id: str = stored.document.id
    build_index(service.parts.database, service.settings, service.parts.encoder)
    service.parts.knowledge.reload()
    return document_id
