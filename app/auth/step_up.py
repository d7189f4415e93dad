"""Step-up: one-time codes bound to one conversation and one action.

Levels come from rows that this module wrote, never from text, a prompt or a model's output.
"""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.audit_trail import Actor, record
from app.auth.tokens import keyed_hash, same
from app.banking.client import BankCustomer
from app.clock import utc_now
from app.config import SecuritySettings
from app.db.after_commit import after_commit
from app.db.conversation import ConversationRecord
from app.db.credential import StepUpChallengeRecord
from app.errors import RateLimited
from app.ids import new_id
from app.parts import Parts
from routing import Level

MAX_CHALLENGES_PER_HOUR = 6  # a conversation; counted in the database, so it fails closed
TEXTS = {
    "en": "{bank}: {code} is your code for this chat. Never tell it to anyone who calls you.",
    "zh": "{bank}：{code} 是您本次会话的验证码，请勿告诉任何来电者。",
}


class CodeCheck(StrEnum):
    """How a code was found."""

    VERIFIED = "verified"
    WRONG = "wrong_code"
    EXPIRED = "challenge_expired"
    LOCKED = "challenge_locked"
    UNKNOWN = "challenge_not_found"


def issue_challenge(
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
    """A new code, sent after the commit; older codes for the same action die."""
    _refuse_flood(session, conversation.id)
    now, security = utc_now(), parts.settings.security
    waiting = _waiting_challenge(session, conversation.id, action)
    if request is None and waiting is not None:  # a new code for the same unanswered request
        request, turn_id = waiting.request, waiting.turn_id
    withdraw_codes(session, conversation.id, action)
    challenge_id, code = new_id(), f"{secrets.randbelow(1_000_000):06d}"
    challenge = StepUpChallengeRecord(
        id=challenge_id,
        conversation_id=conversation.id,
        action=action,
        method="otp",
        code_hash=_hash_code(security, challenge_id, code),
        sent_to=mask_phone(customer.phone),
        expires_at=now + timedelta(minutes=security.otp_minutes),
        turn_id=turn_id,
        request=dict(request or {}),
    )
    session.add(challenge)
    record(session, "step_up.requested", actor=actor, subject=conversation.id, action_name=action)
    session.flush()
    language = "zh" if conversation.locale.startswith("zh") else "en"
    text = TEXTS[language].format(bank=parts.settings.bank_name, code=code)
    after_commit(
        session,
        lambda: parts.code_sender.send(
            customer_id=customer.customer_id, phone=customer.phone, text=text
        ),
    )
    return challenge


def check_code(
    session: Session,
    security: SecuritySettings,
    *,
    conversation_id: str,
    challenge_id: str,
    code: str,
    actor: Actor,
) -> tuple[CodeCheck, StepUpChallengeRecord | None]:
    """Count the try, then compare. The caller commits even when the code is wrong."""
    challenge = session.scalar(
        select(StepUpChallengeRecord)
        .where(
            StepUpChallengeRecord.id == challenge_id,
            StepUpChallengeRecord.conversation_id == conversation_id,
        )
        .with_for_update()
    )
    if challenge is None:
        return CodeCheck.UNKNOWN, None
    result = _compare(security, challenge, code.replace(" ", ""))
    record(
        session,
        "step_up.checked",
        actor=actor,
        subject=conversation_id,
        outcome="success" if result is CodeCheck.VERIFIED else "failure",
        result=result.value,
        action_name=challenge.action,
    )
    return result, challenge


def withdraw_codes(session: Session, conversation_id: str, action: str) -> None:
    """The customer wants nothing more of this action: its codes open nothing."""
    session.execute(
        update(StepUpChallengeRecord)
        .where(
            StepUpChallengeRecord.conversation_id == conversation_id,
            StepUpChallengeRecord.action == action,
            StepUpChallengeRecord.verified_at.is_(None),
            StepUpChallengeRecord.expires_at > utc_now(),
        )
        .values(expires_at=utc_now())
    )


def reached_level(session: Session, conversation: ConversationRecord, action: str) -> Level:
    """The level for this very action now: a verified code counts for its action only."""
    verified = session.scalar(
        select(func.count())
        .select_from(StepUpChallengeRecord)
        .where(
            StepUpChallengeRecord.conversation_id == conversation.id,
            StepUpChallengeRecord.action == action,
            StepUpChallengeRecord.level_until > utc_now(),
        )
    )
    return Level.OTP if verified else Level(conversation.level)


def mask_phone(phone: str) -> str:
    """+353 85 555 0101 → +353 •••• 0101"""
    digits = phone.replace(" ", "")
    return f"{digits[:4]} •••• {digits[-4:]}"


def _waiting_challenge(
    session: Session, conversation_id: str, action: str
) -> StepUpChallengeRecord | None:
    """The newest challenge for the action, if its code was never entered."""
    newest = session.scalar(
        select(StepUpChallengeRecord)
        .where(
            StepUpChallengeRecord.conversation_id == conversation_id,
            StepUpChallengeRecord.action == action,
        )
        .order_by(StepUpChallengeRecord.created_at.desc())
        .limit(1)
    )
    return newest if newest is not None and newest.verified_at is None else None


def _compare(security: SecuritySettings, challenge: StepUpChallengeRecord, code: str) -> CodeCheck:
    now = utc_now()
    if challenge.attempts >= security.otp_attempts:
        return CodeCheck.LOCKED
    if challenge.verified_at is not None or challenge.expires_at <= now:
        return CodeCheck.EXPIRED
    challenge.attempts += 1
    if not same(_hash_code(security, challenge.id, code), challenge.code_hash):
        is_last = challenge.attempts >= security.otp_attempts
        return CodeCheck.LOCKED if is_last else CodeCheck.WRONG
    challenge.verified_at = now
    challenge.level_until = now + timedelta(minutes=security.level_minutes)
    return CodeCheck.VERIFIED


def _hash_code(security: SecuritySettings, challenge_id: str, code: str) -> str:
    return keyed_hash(security.secret_key.get_secret_value(), "otp", challenge_id, code)


def _refuse_flood(session: Session, conversation_id: str) -> None:
    recent = session.scalar(
        select(func.count())
        .select_from(StepUpChallengeRecord)
        .where(
            StepUpChallengeRecord.conversation_id == conversation_id,
            StepUpChallengeRecord.created_at > utc_now() - timedelta(hours=1),
        )
    )
    if (recent or 0) >= MAX_CHALLENGES_PER_HOUR:
        raise RateLimited(
            f"At most {MAX_CHALLENGES_PER_HOUR} codes an hour in one conversation.",
            code="too_many_codes",
            retry_after=600,
        )
