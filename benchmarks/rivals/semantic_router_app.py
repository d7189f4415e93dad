"""aurelio-labs semantic-router behind the smallest FastAPI app, as its users would serve it.

Runs in the rival's own environment, from this folder: `uvicorn semantic_router_app:app`. RIVAL_JOB
names a JSON file with the encoder's folder and the utterances of every route.
"""

import json
import os
from pathlib import Path

from fastapi import FastAPI
from pydantic import BaseModel, Field
from semantic_router import Route  # type: ignore[import-not-found]
from semantic_router.encoders import HuggingFaceEncoder  # type: ignore[import-not-found]
from semantic_router.routers import IndexedRouter  # type: ignore[import-not-found]

_job = json.loads(Path(os.environ["RIVAL_JOB"]).read_text(encoding="utf-8"))
_router = IndexedRouter(
    encoder=HuggingFaceEncoder(name=_job["encoder"]),
    routes=[Route(name=name, utterances=texts) for name, texts in _job["routes"].items()],
)
app = FastAPI()


class Asked(BaseModel):
    text: str = Field(min_length=1, max_length=4_000)


class Chosen(BaseModel):
    intent: str | None
    confidence: float | None


@app.get("/readyz")
def ready() -> dict[str, int]:
    """How many utterances its index holds."""
    return {"utterances": len(_router.index)}


@app.post("/route")
async def route(asked: Asked) -> Chosen:
    """Its asynchronous call: a local encoder runs in a thread of the event loop's pool."""
    choice = await _router.acall(asked.text)
    return Chosen(intent=choice.name, confidence=choice.confidence)
