"""Plain values of the engine and the seam between it and its two batchers. Imports no torch."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Finish(StrEnum):
    """Why a request ended."""

    STOP = "stop"  # end-of-sequence token or stop string
    LENGTH = "length"  # max_new_tokens reached
    DEADLINE = "deadline"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Sampling:
    """How one request is decoded. Equal values and prompts give equal text, in any batch."""

    max_new_tokens: int = 256
    temperature: float = 0.0  # 0 is greedy
    seed: int = 0
    deadline_seconds: float = 60.0
    stop_strings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EngineLimits:
    """What one engine may hold at once. On CUDA the batcher sizes its cache from free memory."""

    slots: int = 16
    context_tokens: int = 4096  # prompt and answer together, never above the model's own limit
    page_tokens: int = 32  # whole pages are shared between prompts: small pages suit chat
    cpu_cache_bytes: int = 512 * 2**20
    cpu_batch_tokens: int = 512  # tokens of one forward pass, prompts included


@dataclass(frozen=True, slots=True)
class Delta:
    """New text of one request in one decode step; the last one carries `finish`."""

    text: str = ""
    token_ids: tuple[int, ...] = ()
    finish: Finish | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class EngineHealth:
    """What a readiness check asks."""

    is_ready: bool
    detail: str
    batcher: str
    running: int
    slots: int


class DeltaSink(Protocol):
    """Receives the deltas of one request, on the engine's thread; must not block."""

    def put(self, delta: Delta) -> None:
        """Take the next delta."""


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """One request as a batcher sees it: token ids only."""

    id: str
    prompt_ids: tuple[int, ...]
    max_new_tokens: int
    temperature: float
    seed: int


@dataclass(frozen=True, slots=True)
class TokenStep:
    """New tokens of one request in one decode step."""

    id: str
    token_ids: tuple[int, ...]
    is_finished: bool = False
    error: str | None = None


class Batcher(Protocol):
    """Decodes many requests at once; knows only token ids."""

    name: str

    def start(self) -> None:
        """Begin to serve."""

    def add(self, request: TokenRequest) -> None:
        """Take one request; EngineUnavailable when it cannot."""

    def cancel(self, request_id: str) -> None:
        """Free the slot of a request. Nothing more needs to arrive for it."""

    def next_steps(self, timeout: float) -> Sequence[TokenStep]:
        """The tokens of the next decode step, or nothing after the timeout."""

    def is_alive(self) -> bool:
        """False when the loop has died."""

    def close(self) -> None:
        """Stop at once; requests in flight are lost."""
