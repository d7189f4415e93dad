"""Step-up as conversations show it: the challenge event, the check, the answer that follows."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.audit_trail import Actor
from app.auth.step_up import CodeCheck, check_code, issue_challenge
from app.banking.client import BankCustomer, BankUnavailable, UnknownCustomer
from app.clock import rfc3339
from app.db.conversation import ConversationRecord
from app.db.credential import StepUpChallengeRecord
from app.db.people import CustomerRecord
from app.errors import (
    AppError,
    BadInput,
    FieldError,
    Forbidden,
    NotFound,
    RateLimited,
    StateConflict,
    Unavailable,
)
from app.jobs.enqueue import enqueue
from app.parts import Parts
from app.realtime.events import EventType
from app.realtime.publish import publish

RESUME_ACCOUNT = "dialogue.resume_account"


def request_code(
    session: Session,
    parts: Parts,
    conversation: ConversationRecord,
    *,
    action: str,
    customer: BankCustomer,
    actor: Actor,
    turn_id: str | None = None,
    request: Mapping[str, Any] | None = None,
) -> StepUpChallengeRecord:
    """Send a code to the customer's phone and tell the clients to ask for it.

    `customer` was read from the bank before: no call leaves while the conversation is locked.
    """
    challenge = issue_challenge(
        session,
        parts,
        conversation,
        action=action,
        customer=customer,
        actor=actor,
        turn_id=turn_id,
        request=request,
    )
    publish(
        session,
        conversation,
        EventType.VERIFICATION_REQUESTED,
        {
            "challenge_id": challenge.id,
            "method": challenge.method,
            "action": challenge.action,
            "sent_to": challenge.sent_to,
            "expires_at": rfc3339(challenge.expires_at),
        },
    )
    return challenge


def bank_customer_of(
    session: Session, parts: Parts, conversation: ConversationRecord
) -> BankCustomer:
    """Whose phone gets a code; Forbidden for a visitor, Unavailable when the bank is away."""
    if conversation.customer_id is None:
        raise Forbidden("Only an identified customer can be verified.", code="not_identified")
    external_id = session.get_one(CustomerRecord, conversation.customer_id).external_id
    try:
        return parts.bank.get_customer(external_id)
    except UnknownCustomer as unknown:
        raise Forbidden("The bank does not know this customer.", code="not_identified") from unknown
    except BankUnavailable as away:
        raise Unavailable("The bank does not answer.", code="bank_unavailable") from away


def enter_code(
    session: Session,
    parts: Parts,
    conversation: ConversationRecord,
    *,
    challenge_id: str,
    code: str,
    actor: Actor,
) -> CodeCheck:
    """Check a code; when it is right, the answer that waited for it is put to work."""
    result, challenge = check_code(
        session,
        parts.settings.security,
        conversation_id=conversation.id,
        challenge_id=challenge_id,
        code=code,
        actor=actor,
    )
    if result is CodeCheck.VERIFIED and challenge is not None:
        publish(
            session,
            conversation,
            EventType.VERIFICATION_COMPLETED,
            {"level": "otp", "action": challenge.action},
        )
        if challenge.request:
            enqueue(
                session, RESUME_ACCOUNT, key=f"resume:{challenge.id}", challenge_id=challenge.id
            )
    return result


def refusal(result: CodeCheck) -> AppError:
    """The error that tells why a code was not accepted."""
    if result is CodeCheck.UNKNOWN:
        return NotFound("No such challenge in this conversation.", code=result.value)
    if result is CodeCheck.LOCKED:
        return RateLimited("Too many wrong codes. Ask for a new one.", code=result.value)
    if result is CodeCheck.EXPIRED:
        return StateConflict(
            "The code is used or has expired. Ask for a new one.", code=result.value
        )
    problem = FieldError("code", "is not the code that was sent")
    return BadInput("The code is wrong.", code=result.value, errors=(problem,))
