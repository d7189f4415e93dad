"""Calls that wait for the end of a transaction: hints after a commit, undoing after a rollback."""

from collections.abc import Callable

import structlog
from sqlalchemy.orm import Session

log = structlog.get_logger(__name__)
_KEY = "after_commit"
_UNDO = "on_rollback"


def after_commit(session: Session, call: Callable[[], None]) -> None:
    """Run `call` once this session's transaction is committed."""
    session.info.setdefault(_KEY, []).append(call)


def run_after_commit(session: Session) -> None:
    """Run what waits. A hint that fails is logged: the rows are the truth and are safe."""
    session.info.pop(_UNDO, None)
    for call in session.info.pop(_KEY, []):
        try:
            call()
        except Exception:
            log.exception("after_commit.failed")


def on_rollback(session: Session, call: Callable[[], None]) -> None:
    """Run `call` if this transaction is not committed: it undoes what the database cannot."""
    session.info.setdefault(_UNDO, []).append(call)


def discard_after_commit(session: Session) -> None:
    """Forget the hints and undo, last first. An undoing that fails is logged, the rest runs."""
    session.info.pop(_KEY, None)
    for call in reversed(session.info.pop(_UNDO, [])):
        try:
            call()
        except Exception:
            log.exception("on_rollback.failed")
