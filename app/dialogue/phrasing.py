"""Let a language model word an answer from its passages, and keep only what the passages say.

Off by default. The words are gathered, not streamed: nothing is shown before it is checked.
"""

from dataclasses import dataclass

import structlog

from app.content_filter import SentenceFilter
from app.dialogue.context import TurnContext
from app.dialogue.general import DEFAULT_SEED, is_generative
from app.generation.client import ChatMessage, GenerationRequest
from app.generation.errors import GenerationError
from app.monitoring.metrics import GENERATION_REQUESTS
from app.parts import Parts
from knowledge_base.grounding import GroundingChecker, supported_text
from knowledge_base.types import Answer, Citation

log = structlog.get_logger(__name__)
NO_ANSWER = "NO ANSWER"
PROMPTS = {
    "en": (
        "You answer customers of {bank}, a bank. Use nothing but the passages below; repeat their "
        "figures, names and conditions exactly, and add no advice and no promise. Answer in "
        "English, in at most four short sentences. If the passages do not answer the question, "
        f"write only: {NO_ANSWER}\n\n{{passages}}"
    ),
    "zh": (
        "你为{bank}的客户解答问题。只能使用下面的内容：数字、名称和条件须与原文完全一致，"
        "不要补充建议，也不要作出承诺。请用简体中文回答，最多四句短句。"
        f"如果下面的内容没有回答客户的问题，只写：{NO_ANSWER}\n\n{{passages}}"
    ),
}


@dataclass(frozen=True, slots=True)
class Phrased:
    """Checked words with the passages that support them; no text where they answer nothing."""

    text: str | None
    citations: tuple[Citation, ...]


def phrase(parts: Parts, context: TurnContext, question: str, answer: Answer) -> Phrased | None:
    """None when there is nothing to show but the passages themselves."""
    if not parts.settings.knowledge.phrase or not is_generative(parts):
        return None
    try:
        written = _write(parts, context, question, answer)
    except GenerationError as failure:
        GENERATION_REQUESTS.labels(outcome=type(failure).__name__).inc()
        log.warning("knowledge.phrasing_failed", error=type(failure).__name__)
        return None
    GENERATION_REQUESTS.labels(outcome="ok").inc()
    if NO_ANSWER in written:
        return Phrased(None, ())
    checked = GroundingChecker(parts.encoder).check(
        written,
        [citation.quote for citation in answer.citations],
        headings=[citation.title for citation in answer.citations],
    )
    refused = [str(one.refusal) for one in checked if not one.is_supported]
    log.info("knowledge.phrased", sentences=len(checked), refused=refused)
    text = supported_text(checked)
    if not text:
        return None
    supporting = {one.passage for one in checked if one.is_supported}
    cited = tuple(one for place, one in enumerate(answer.citations) if place in supporting)
    return Phrased(text, cited)


def _write(parts: Parts, context: TurnContext, question: str, answer: Answer) -> str:
    """What the model writes, after the output filter."""
    passages = "\n\n".join(
        f"[{number}] {citation.title}\n{citation.quote}"
        for number, citation in enumerate(answer.citations, start=1)
    )
    prompt = PROMPTS[context.language].format(bank=parts.settings.bank_name, passages=passages)
    settings = parts.settings.generation
    request = GenerationRequest(
        id=f"{context.turn_id}:knowledge",
        messages=(ChatMessage("system", prompt), ChatMessage("user", question)),
        language=context.language,
        max_new_tokens=settings.max_new_tokens,
        deadline_seconds=settings.deadline_seconds,
        seed=DEFAULT_SEED,
    )
    sentences = SentenceFilter(
        own_values=parts.settings.bank_phones, allowed_hosts=parts.settings.bank_hosts
    )
    spoken: list[str] = []
    for delta in parts.generator.stream(request):
        spoken += sentences.feed(delta)
    spoken += sentences.flush()
    return "".join(spoken).strip()
