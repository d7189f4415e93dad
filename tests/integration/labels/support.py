"""What many of these tests do: say something as a customer, correct it as an agent."""

from typing import Any

from sqlalchemy import select

from app.db.audit import AuditEventRecord
from tests.fixtures.callers import Api, crm_api, widget_api
from tests.fixtures.service import Service


def decided(service: Service, text: str) -> str:
    """The id of the decision that a visitor's message led to."""
    visitor = widget_api(service)
    conversation = visitor.open_conversation()
    visitor.say(conversation, text)
    items = crm_api(service).get(f"/v1/conversations/{conversation}/decisions").json()["items"]
    decision_id: str = items[-1]["id"]
    return decision_id


def correct(api: Api, decision_id: str, intent: str | None, **more: Any) -> dict[str, Any]:
    """A correction, or that the decision was right."""
    body = {"right": True} if intent is None else {"intent": intent}
    answer = api.post(f"/v1/decisions/{decision_id}/correction", body | more)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def queue(api: Api, **filters: str) -> list[dict[str, Any]]:
    answer = api.get("/v1/labels", params=filters)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def audited(service: Service, action: str) -> list[str]:
    """Subjects of the audit events of an action."""
    with service.parts.database.read() as session:
        rows = session.scalars(
            select(AuditEventRecord.subject)
            .where(AuditEventRecord.action == action)
            .order_by(AuditEventRecord.position)
        )
        return list(rows)
