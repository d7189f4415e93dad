"""The message that crosses the generation queue: an already masked request, as JSON."""

import hashlib
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict

from app.clock import utc_now
from app.generation.client import GenerationRequest

TASK_NAME = "generation.generate"


class GenerationOrder(BaseModel):
    """What a worker needs to know. Unknown fields are refused."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,  # a message's text must not reach a log line
    )

    id: str
    gateway: str
    messages: tuple[tuple[Literal["system", "user", "assistant"], str], ...]
    max_new_tokens: int
    temperature: float
    seed: int
    give_up_at: float  # seconds since the epoch

    @classmethod
    def of(cls, request: GenerationRequest, *, gateway: str, seconds: float) -> Self:
        """The order for a request that has so many seconds left."""
        return cls(
            id=request.id,
            gateway=gateway,
            messages=tuple((message.role, message.text) for message in request.messages),
            max_new_tokens=request.max_new_tokens,
            temperature=request.temperature,
            seed=seed_of(request),
            give_up_at=utc_now().timestamp() + seconds,
        )

    @property
    def seconds_left(self) -> float:
        return self.give_up_at - utc_now().timestamp()


def seed_of(request: GenerationRequest) -> int:
    """The seed asked for, or one that every run of the same id shares."""
    if request.seed is not None:
        return request.seed
    return int.from_bytes(hashlib.sha256(request.id.encode()).digest()[:4], "big")
