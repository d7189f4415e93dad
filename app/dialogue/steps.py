"""What a turn did, step by step, with milliseconds: shown to agents, kept with the turn."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from app.monitoring.metrics import STAGE_SECONDS


class Steps:
    """An ordered record of steps."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []

    @contextmanager
    def timing(self, step: str) -> Iterator[dict[str, Any]]:
        """Time a step; the body may set `outcome` and `detail` of what is yielded."""
        entry: dict[str, Any] = {"step": step, "outcome": "ok", "detail": None}
        began = time.perf_counter()
        try:
            yield entry
        except BaseException as error:
            entry["outcome"] = type(error).__name__
            raise
        finally:
            seconds = time.perf_counter() - began
            entry["milliseconds"] = round(seconds * 1000, 2)
            STAGE_SECONDS.labels(stage=step).observe(seconds)
            self.taken.append(entry)
