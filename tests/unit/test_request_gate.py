"""Bodies end at their limit while they are read: imports may be larger than anything else."""

import asyncio

import pytest

from app.middleware import (
    LARGER_BODIES,
    MAX_BODY_BYTES,
    BodyTooLarge,
    Message,
    Receive,
    RequestGate,
    Scope,
    Send,
)

IMPORTS = "/v1/knowledge/imports"
PIECE = 1024 * 1024


def received(path: str, pieces: int) -> int:
    """How many bytes of a body that never ends early an application may read."""
    total = 0

    async def app(_scope: Scope, receive: Receive, _send: Send) -> None:
        nonlocal total
        for _ in range(pieces):
            total += len((await receive())["body"])

    async def body() -> Message:
        return {"type": "http.request", "body": bytes(PIECE), "more_body": True}

    async def send(_message: Message) -> None:
        """Nothing is answered."""

    scope: Scope = {"type": "http", "path": path, "headers": []}
    asyncio.run(RequestGate(app)(scope, body, send))
    return total


def test_every_body_has_its_limit() -> None:
    most = {"/v1/knowledge/documents": MAX_BODY_BYTES, IMPORTS: LARGER_BODIES[IMPORTS]}
    assert most[IMPORTS] > MAX_BODY_BYTES
    for path, limit in most.items():
        assert received(path, limit // PIECE) == limit
        with pytest.raises(BodyTooLarge, match=str(limit)):
            received(path, 200)
