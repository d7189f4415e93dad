"""Token ids to text, step by step, never half a character. Knows no model and no request."""

from collections.abc import Callable, Sequence

_UNFINISHED = "\ufffd"  # what a decoder prints for bytes that are not (yet) a character
_LONGEST_WAIT = 8  # tokens; a character has at most four bytes, so more is not a character


class Detokeniser:
    """Text grows only at its end: a few tokens of context are decoded again at every step."""

    def __init__(self, decode: Callable[[list[int]], str]) -> None:
        self._decode = decode
        self._context: list[int] = []  # already emitted, kept because words join across tokens
        self._waiting: list[int] = []  # decoded, but the last character may be incomplete
        self._sent = 0  # characters of the waiting tokens that were emitted

    def push(self, token_ids: Sequence[int]) -> str:
        """The text that these tokens complete."""
        emitted = ""
        for token_id in token_ids:
            self._waiting.append(token_id)
            emitted += self._emit(is_last=False)
        return emitted

    def flush(self) -> str:
        """What is left at the end; bytes that never became a character are dropped."""
        return self._emit(is_last=True) if self._waiting else ""

    def _emit(self, *, is_last: bool) -> str:
        before = self._decode(self._context)
        text = self._decode(self._context + self._waiting)[len(before) :]
        is_complete = not text.endswith(_UNFINISHED) or len(self._waiting) >= _LONGEST_WAIT
        stable = text if is_complete or is_last else text.rstrip(_UNFINISHED)
        emitted = stable[self._sent :]
        self._sent = len(stable)
        if is_complete:
            self._context, self._waiting, self._sent = self._waiting, [], 0
        return emitted.replace(_UNFINISHED, "")


class StopStrings:
    """Holds back text that may be the beginning of a stop string."""

    def __init__(self, stop_strings: Sequence[str]) -> None:
        self._stops = tuple(stop for stop in stop_strings if stop)
        self._held = ""
        self.is_stopped = False

    def push(self, text: str) -> str:
        """The text that is certainly part of the answer."""
        if self.is_stopped:
            return ""
        self._held += text
        positions = [self._held.find(stop) for stop in self._stops]
        found = [position for position in positions if position >= 0]
        if found:
            self.is_stopped = True
            return self._release(min(found))
        return self._release(len(self._held) - self._suspicious_length())

    def flush(self) -> str:
        """What was held back and turned out to be no stop string."""
        return "" if self.is_stopped else self._release(len(self._held))

    def _release(self, length: int) -> str:
        text, self._held = self._held[:length], self._held[length:]
        return text

    def _suspicious_length(self) -> int:
        longest = max((len(stop) for stop in self._stops), default=1) - 1
        for length in range(min(longest, len(self._held)), 0, -1):
            if any(stop.startswith(self._held[-length:]) for stop in self._stops):
                return length
        return 0
