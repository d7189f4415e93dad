"""Stream events to text exactly once. Pure: no clock, no thread, no Redis.

Every event carries its fence and its offset in the answer. A second run of the same request repeats
the same text (greedy or seeded), so what was already passed on is checked and left out.
"""

from app.generation.client import Failure, StreamEvent, StreamKind
from app.generation.errors import (
    GenerationError,
    GenerationRejected,
    GenerationTimeout,
    GenerationUnavailable,
)


class Transcript:
    """The text of one answer as it arrives."""

    def __init__(self) -> None:
        self.text = ""
        self.fence = 0
        self.is_finished = False

    def take(self, event: StreamEvent) -> str:
        """The new text of the event; empty when it brings none. Errors of the room otherwise."""
        if event.fence < self.fence or self.is_finished:
            return ""  # an outdated run is still talking
        self.fence = event.fence
        if event.kind is StreamKind.START:
            return ""
        if event.kind is StreamKind.ERROR:
            raise _error(event.text)
        new = self._new_text(event)
        self.text += new
        self.is_finished = event.kind is StreamKind.END
        return new

    def _new_text(self, event: StreamEvent) -> str:
        known = self.text[event.offset : event.offset + len(event.text)]
        if event.offset > len(self.text):
            raise GenerationUnavailable("a part of the token stream was lost")
        if not event.text.startswith(known):
            raise GenerationUnavailable("a second run gave another text")
        return event.text[len(known) :]


def _error(failure: str) -> GenerationError:
    if failure == Failure.TIMEOUT:
        return GenerationTimeout("the answer was not complete before its deadline")
    if failure == Failure.REJECTED:
        return GenerationRejected("the model cannot serve this request")
    return GenerationUnavailable(f"the worker gave up: {failure}")
