"""The turns of one conversation end in the order of their messages."""

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.conversations.endings import turn_key
from app.db.conversation import TurnRecord
from app.jobs.enqueue import hurry


def has_earlier_open_turn(session: Session, turn_id: str) -> bool:
    """Whether an earlier message of the same conversation still waits for its ending."""
    mine, earlier = aliased(TurnRecord), aliased(TurnRecord)
    found = session.scalar(
        select(earlier.id)
        .join(mine, mine.conversation_id == earlier.conversation_id)
        .where(
            mine.id == turn_id,
            earlier.message_seq < mine.message_seq,
            earlier.ending.is_(None),
        )
        .limit(1)
    )
    return found is not None


def offer_next_turn(session: Session, ended: TurnRecord) -> None:
    """This turn has ended: the next one need not wait any longer."""
    following = session.scalar(
        select(TurnRecord.id)
        .where(
            TurnRecord.conversation_id == ended.conversation_id,
            TurnRecord.message_seq > ended.message_seq,
            TurnRecord.ending.is_(None),
        )
        .order_by(TurnRecord.message_seq)
        .limit(1)
    )
    if following is not None:
        hurry(session, turn_key(following))
