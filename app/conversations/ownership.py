"""Whose conversation it will be: an integration or staff say; a widget session is its own."""

from sqlalchemy.orm import Session

from app.auth.caller import Caller, Customer, Integration, Staff
from app.auth.repository import CredentialRepository
from app.conversations.schemas import ConversationCreate
from app.errors import BadInput, FieldError
from routing import Level


def owner_of(
    session: Session, body: ConversationCreate, caller: Caller
) -> tuple[str | None, Level]:
    """Our id of the customer, None for a visitor, and the level that the caller vouches for."""
    match caller:
        case Customer():
            _refuse_foreign_fields(body)
            return caller.customer_id, Level.IDENTIFIED if caller.customer_id else Level.ANONYMOUS
        case Integration() | Staff():
            if body.customer is None:
                return None, Level.ANONYMOUS
            customer = CredentialRepository(session).get_or_add_customer(
                body.customer.external_id, name=body.customer.name, email=body.customer.email
            )
            return customer.id, Level.IDENTIFIED


def _refuse_foreign_fields(body: ConversationCreate) -> None:
    wrong = "customer" if body.customer is not None else "channel"
    if body.customer is not None or body.channel != "widget":
        problem = FieldError(wrong, "a widget session opens its own conversations only")
        raise BadInput("Not for a widget session.", errors=(problem,))
