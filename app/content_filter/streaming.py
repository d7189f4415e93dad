"""Filter a reply sentence by sentence while it is written. Knows no socket and no engine."""

import re
from collections.abc import Collection

from app.content_filter.findings import FilterAction
from app.content_filter.inspector import inspect_output

_END = re.compile(r"[.!?]+[\"')\]*]*\s+|[。！？；…]+[”’」』）]*\s*|\n+")
_CONTEXT = 160  # what the reader has seen already still gives meaning to the next number
_LONGEST = 1_200  # a "sentence" longer than this is cut at a space


class SentenceFilter:
    """Feed deltas, receive whole safe sentences; nothing unfiltered ever leaves."""

    def __init__(
        self,
        *,
        own_values: Collection[str] = (),
        allowed_hosts: Collection[str] = (),
        canaries: Collection[str] = (),
    ) -> None:
        self.own_values = own_values
        self.allowed_hosts = allowed_hosts
        self.canaries = canaries
        self.is_blocked = False
        self._pending = ""
        self._context = ""

    def feed(self, delta: str) -> list[str]:
        """Take the next piece of the reply; return the sentences that are complete and safe."""
        self._pending += delta
        sentences: list[str] = []
        while (end := self._sentence_end()) is not None:
            sentence, self._pending = self._pending[:end], self._pending[end:]
            sentences.append(self._make_safe(sentence))
        return [sentence for sentence in sentences if sentence]

    def flush(self) -> list[str]:
        """The rest of the reply, made safe."""
        rest, self._pending = self._pending, ""
        safe = self._make_safe(rest) if rest else ""
        return [safe] if safe else []

    def _sentence_end(self) -> int | None:
        """The first end that surely parts two sentences: something follows, no number spans it."""
        for found in _END.finditer(self._pending):
            if found.end() < len(self._pending) and not self._splits_a_number(found):
                return found.end()
        if len(self._pending) > _LONGEST:
            return self._emergency_end()
        return None

    def _splits_a_number(self, found: re.Match[str]) -> bool:
        before = self._pending[max(0, found.start() - 1) : found.start()]
        return not before.isalpha() and not self._pending[found.end()].isalpha()

    def _emergency_end(self) -> int:
        """A cut between two words, so that an endless sentence is still shown."""
        for found in reversed(list(re.finditer(r"[^\W\d_]\s+(?=[^\W\d_])", self._pending))):
            return found.end()
        return len(self._pending)

    def _make_safe(self, sentence: str) -> str:
        if self.is_blocked:
            return ""
        result = inspect_output(
            sentence,
            after=self._context,
            own_values=self.own_values,
            allowed_hosts=self.allowed_hosts,
            canaries=self.canaries,
        )
        self.is_blocked = result.action is FilterAction.BLOCK
        self._context = (self._context + sentence)[-_CONTEXT:]
        return "" if self.is_blocked else result.text
