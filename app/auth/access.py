"""The WHERE clauses of access: who may see which rows, here and nowhere else."""

from sqlalchemy import ColumnElement, false, or_, true

from app.auth.caller import Caller, Customer, Integration, Role, Scope, Staff
from app.db.conversation import ConversationRecord


def readable_conversations(caller: Caller) -> ColumnElement[bool]:
    """Rows of `conversations` that this caller may read."""
    match caller:
        case Customer():
            return _own_conversations(caller)
        case Staff():
            return true() if Scope.CONVERSATIONS_READ in caller.scopes else false()
        case Integration():
            return true() if _may(caller, Scope.CONVERSATIONS_READ) else false()


def writable_conversations(caller: Caller) -> ColumnElement[bool]:
    """Rows of `conversations` in which this caller may speak or act."""
    match caller:
        case Customer():
            return _own_conversations(caller)
        case Staff():
            return true() if Scope.CONVERSATIONS_WRITE in caller.scopes else false()
        case Integration():
            return true() if _may(caller, Scope.CONVERSATIONS_WRITE) else false()


def sees_staff_side(caller: Caller) -> bool:
    """Whether notes, decisions and staff-only events may be shown."""
    match caller:
        case Customer():
            return False
        case Staff():
            return caller.role in (Role.AGENT, Role.SUPERVISOR, Role.ADMIN)
        case Integration():
            return _may(caller, Scope.CONVERSATIONS_READ)


def _own_conversations(caller: Customer) -> ColumnElement[bool]:
    """An identified customer: theirs in any session; a visitor: this browser session's only.

    A thread that began anonymously stays with its session: signing in elsewhere never opens it.
    """
    own_session = ConversationRecord.widget_session_id == caller.session_id
    if caller.customer_id is None:
        return own_session & ConversationRecord.customer_id.is_(None)
    return or_(
        ConversationRecord.customer_id == caller.customer_id,
        own_session & ConversationRecord.customer_id.is_(None),
    )


def _may(caller: Integration, scope: Scope) -> bool:
    return scope in caller.scopes or Scope.ADMIN in caller.scopes
