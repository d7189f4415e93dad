"""What many of these tests do: ask, rate, read the audit trail."""

from typing import Any

from sqlalchemy import select

from app.db.audit import AuditEventRecord
from tests.fixtures.callers import Api
from tests.fixtures.service import Service

ANSWERED = "How do I activate my new card?"


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
