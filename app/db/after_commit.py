"""Calls that wait for the commit: wake-ups and hints. Thrown away on rollback."""

from collections.abc import Callable

import structlog
from sqlalchemy.orm import Session

log = structlog.get_logger(__name__)
_KEY = "after_commit"


def after_commit(session: Session, call: Callable[[], None]) -> None:
    """Run `call` once this session's transaction is committed."""
    session.info.setdefault(_KEY, []).append(call)


def run_after_commit(session: Session) -> None:
    """Run what waits. A hint that fails is logged: the rows are the truth and are safe."""
    for call in session.info.pop(_KEY, []):
        try:
            call()
        except Exception:
            log.exception("after_commit.failed")


def discard_after_commit(session: Session) -> None:
    session.info.pop(_KEY, None)
