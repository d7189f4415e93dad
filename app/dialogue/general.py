"""The general route: generated words, streamed, filtered sentence by sentence, labelled."""

from app.content_filter import SentenceFilter
from app.conversations.characters import traditional
from app.dialogue.context import TurnContext
from app.dialogue.endings import Ending
from app.experiments.service import Arm
from app.generation.client import ChatMessage, GenerationRequest
from app.monitoring.metrics import GENERATION_REQUESTS
from app.parts import Parts
from app.realtime.events import TransientType
from app.realtime.publish import announce
from routing import RoutingDecision

SYSTEM_PROMPTS = {
    "en": (
        "You are the assistant of {bank}, a bank. Answer in English, in at most four short "
        "sentences. You cannot see any account and you never state balances, rates, fees or "
        "promises. If the customer needs those, or is in trouble, offer a person."
    ),
    "zh": (
        "你是{bank}的智能助理。请用简体中文回答，最多四句话。你看不到任何账户，"
        "绝不说出余额、利率、费用，也不作承诺。客户需要这些或遇到困难时，请建议转接人工客服。"
    ),
}
ROLES = {"customer": "user", "assistant": "assistant", "agent": "assistant"}
HISTORY_MESSAGES = 6
DEFAULT_SEED = 0
CURATED = "curated"


def answer_general(
    parts: Parts, context: TurnContext, decision: RoutingDecision, arm: Arm | None
) -> Ending:
    """Generate a reply; every delta passes the output filter before anybody sees it.

    Raises the generator's errors: the ladder decides what follows.
    """
    request = _request(parts, context, decision, arm)
    sentences = SentenceFilter(
        own_values=parts.settings.bank_phones, allowed_hosts=parts.settings.bank_hosts
    )
    spoken: list[str] = []

    def say_aloud(safe: str) -> None:
        spoken.append(safe)
        shown = traditional(safe) if context.writes_traditional else safe
        data = {"turn_id": context.turn_id, "text": shown}
        announce(parts.bus, context.conversation_id, TransientType.MESSAGE_DELTA, data)

    for delta in parts.generator.stream(request):
        for safe in sentences.feed(delta):
            say_aloud(safe)
    for safe in sentences.flush():
        say_aloud(safe)
    GENERATION_REQUESTS.labels(outcome="ok").inc()
    return Ending("answer", "".join(spoken).strip(), generated=is_generative(parts))


def is_generative(parts: Parts) -> bool:
    """Whether a language model writes the words; curated answers were written by people."""
    return parts.generator.name != CURATED


def _request(
    parts: Parts, context: TurnContext, decision: RoutingDecision, arm: Arm | None
) -> GenerationRequest:
    settings = parts.settings.generation
    overrides = arm.overrides if arm else {}
    prompt = SYSTEM_PROMPTS[context.language].format(bank=parts.settings.bank_name)
    history = [
        ChatMessage(ROLES[past.author], past.text)  # type: ignore[arg-type]  # the roles above
        for past in context.history[-HISTORY_MESSAGES:]
        if past.author in ROLES
    ]
    return GenerationRequest(
        id=context.turn_id,
        messages=(
            ChatMessage("system", prompt),
            *history,
            ChatMessage("user", context.text),
        ),
        language=context.language,
        max_new_tokens=settings.max_new_tokens,
        temperature=float(overrides.get("generation.temperature", settings.temperature)),
        deadline_seconds=settings.deadline_seconds,
        seed=DEFAULT_SEED,
        intent=decision.intent,
    )
