"""How much generation may be asked at once. Pure counting: no queue, no clock."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from app.generation.client import GenerationRequest, Priority
from app.generation.errors import GenerationUnavailable

_TOKENS_PER_REQUEST = 2_048  # default room for each of the queued requests
_CHARACTERS_PER_TOKEN = 2  # between English (4) and Chinese (about 1)
_SHARE = {Priority.CUSTOMER: 1.0, Priority.COPILOT: 0.75, Priority.BATCH: 0.5}
_SECONDS_PER_REQUEST = 0.5  # how much one waiting request adds to Retry-After


class Admission:
    """Bounded by requests and by tokens; customers may fill it, others leave them room."""

    def __init__(self, max_requests: int, *, max_tokens: int | None = None) -> None:
        self._max_requests = max_requests
        self._max_tokens = max_tokens or max_requests * _TOKENS_PER_REQUEST
        self._lock = threading.Lock()
        self._requests = 0
        self._tokens = 0

    @property
    def in_flight(self) -> int:
        """Requests that were admitted and have not ended."""
        return self._requests

    @contextmanager
    def admit(self, request: GenerationRequest) -> Iterator[None]:
        """Hold a place for the time of the block; GenerationUnavailable when it is full."""
        tokens = estimate_tokens(request)
        with self._lock:
            self._refuse_if_full(request, tokens)
            self._requests += 1
            self._tokens += tokens
        try:
            yield
        finally:
            with self._lock:
                self._requests -= 1
                self._tokens -= tokens

    def _refuse_if_full(self, request: GenerationRequest, tokens: int) -> None:
        share = _SHARE[request.priority]
        has_place = self._requests < max(1, self._max_requests * share)
        has_tokens = self._tokens + tokens <= self._max_tokens * share or self._requests == 0
        if not (has_place and has_tokens):
            raise GenerationUnavailable(
                f"{self._requests} answers are being written or waited for",
                retry_after=max(1.0, self._requests * _SECONDS_PER_REQUEST),
            )


def estimate_tokens(request: GenerationRequest) -> int:
    """Prompt and answer together, without a tokeniser."""
    characters = sum(len(message.text) for message in request.messages)
    return characters // _CHARACTERS_PER_TOKEN + request.max_new_tokens
