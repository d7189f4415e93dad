"""The generator as a writer of summaries: masked prompts out, whole answers in."""

from app.content_filter import inspect
from app.generation import (
    ChatMessage,
    CuratedGenerator,
    GenerationError,
    GenerationRequest,
    Generator,
    Priority,
)
from app.ids import new_id
from knowledge_base.summaries.map_reduce import Writer, WritingFailed
from knowledge_base.summaries.prompts import Prompt


def build_writer(generator: Generator, *, language: str, priority: Priority) -> Writer | None:
    """A writer over the generator; None where only curated answers exist."""
    if generator.name == CuratedGenerator.name:
        return None

    def write(prompt: Prompt, *, max_new_tokens: int, seconds: float) -> str:
        request = GenerationRequest(
            id=new_id(),
            messages=(
                ChatMessage("system", prompt.system),
                ChatMessage("user", inspect(prompt.user).text),
            ),
            language=language,
            max_new_tokens=max_new_tokens,
            deadline_seconds=seconds,
            priority=priority,
        )
        try:
            return "".join(generator.stream(request))
        except GenerationError as failed:
            raise WritingFailed(str(failed)) from failed

    return write
