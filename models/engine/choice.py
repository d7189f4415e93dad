"""Which batcher serves a model: declared by its configuration, then measured against `generate`."""

import time
from collections.abc import Sequence

import structlog
import torch

from models.engine.continuous import ContinuousBatcher, cache_tokens, is_servable
from models.engine.errors import EngineError
from models.engine.loading import LoadedModel
from models.engine.padded import PaddedBatcher
from models.engine.types import Batcher, EngineLimits, TokenRequest

log = structlog.get_logger(__name__)

_PROBE_TEXT = "Hello, how do I read my statement? 您好，请问怎么查看账单？"
_PROBE_TOKENS = 8
_PROBE_SECONDS = 120.0


def choose_batcher(loaded: LoadedModel, limits: EngineLimits) -> Batcher:
    """A started batcher; continuous when its greedy tokens are those of plain `generate`."""
    if is_servable(loaded):
        batcher = _proven_continuous(loaded, limits)
        if batcher is not None:
            return batcher
    padded = PaddedBatcher(loaded, limits)
    padded.start()
    return padded


def context_room(loaded: LoadedModel, limits: EngineLimits) -> int:
    """Tokens of the longest request, prompt and answer together."""
    return min(limits.context_tokens, loaded.context_tokens, cache_tokens(loaded, limits))


def _proven_continuous(loaded: LoadedModel, limits: EngineLimits) -> Batcher | None:
    prompts = _probe_prompts(loaded)
    wanted = [_greedy(loaded, prompt) for prompt in prompts]  # before attention is switched
    batcher = ContinuousBatcher(loaded, limits)
    batcher.start()
    try:
        found = _decode(batcher, prompts)
    except EngineError as failure:
        log.warning("engine.continuous_failed", model=loaded.name, reason=str(failure))
        batcher.close()
        return None
    if _agree(wanted, found, is_half_precision=loaded.is_half_precision):
        return batcher
    log.warning("engine.continuous_differs", model=loaded.name, wanted=wanted, found=found)
    batcher.close()
    return None


def _probe_prompts(loaded: LoadedModel) -> list[tuple[int, ...]]:
    ids = list(loaded.tokenizer.encode(_PROBE_TEXT)) or [0]
    return [tuple(ids), tuple(ids[: max(1, len(ids) // 2)])]


@torch.inference_mode()
def _greedy(loaded: LoadedModel, prompt: Sequence[int]) -> tuple[int, ...]:
    ids = torch.tensor([list(prompt)], device=loaded.model.device)
    output = loaded.model.generate(
        input_ids=ids,
        attention_mask=torch.ones_like(ids),
        do_sample=False,
        max_new_tokens=_PROBE_TOKENS,
        eos_token_id=list(loaded.eos_token_ids) or None,
        pad_token_id=loaded.tokenizer.pad_token_id or 0,
    )
    return tuple(output[0, len(prompt) :].tolist())


def _decode(batcher: Batcher, prompts: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Both prompts at once; EngineError when the loop dies or never answers."""
    tokens: dict[str, tuple[int, ...]] = {}
    for number, prompt in enumerate(prompts):
        tokens[f"probe-{number}"] = ()
        batcher.add(TokenRequest(f"probe-{number}", prompt, _PROBE_TOKENS, 0.0, 0))
    finished: set[str] = set()
    give_up = time.monotonic() + _PROBE_SECONDS
    while len(finished) < len(prompts):
        if time.monotonic() > give_up or not batcher.is_alive():
            raise EngineError("the batching loop gave no answer to the probe")
        for step in batcher.next_steps(0.1):
            if step.error is not None:
                raise EngineError(step.error)
            tokens[step.id] += step.token_ids
            finished.update({step.id} if step.is_finished else set())
    return list(tokens.values())


def _agree(
    wanted: Sequence[tuple[int, ...]],
    found: Sequence[tuple[int, ...]],
    *,
    is_half_precision: bool,
) -> bool:
    """Half precision may part at near ties, so there only the first tokens must be equal."""
    if is_half_precision:
        return [ids[:1] for ids in wanted] == [ids[:1] for ids in found]
    return list(wanted) == list(found)
