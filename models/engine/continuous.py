"""The one module that touches transformers' continuous batching (5.17 and newer, 5.23 pinned).

Nothing in that interface is stable, and it has traps: outputs are cumulative, cancelled requests
end in silence, and on a CPU the cache takes 60 % of the memory unless its size is given.
"""

import threading
from collections.abc import Sequence
from typing import Any

import torch
from transformers.generation.configuration_utils import (
    ContinuousBatchingConfig,
    GenerationConfig,
)
from transformers.generation.continuous_batching import cb_logits_processors
from transformers.generation.logits_process import LogitsProcessorList, TemperatureLogitsWarper

from models.engine.errors import EngineUnavailable
from models.engine.loading import LoadedModel
from models.engine.sampling import noise_key, perturb
from models.engine.types import EngineLimits, TokenRequest, TokenStep

_SERVABLE_LAYERS = {"full_attention", "sliding_attention"}
_FIRST_TEMPERATURE = 0.5  # anything but 1: at 1.0 the library builds no processor


def is_servable(loaded: LoadedModel) -> bool:
    """What the configuration declares; chunked layers fail there, temperature tuning is wrong."""
    config = loaded.model.config.get_text_config()
    layers = set(getattr(config, "layer_types", None) or ["full_attention"])
    is_tuned = bool(getattr(config, "attn_temperature_tuning", False))
    has_method = hasattr(loaded.model, "init_continuous_batching")
    is_recurrent = bool(getattr(loaded.model, "_is_stateful", False))
    return has_method and layers <= _SERVABLE_LAYERS and not is_tuned and not is_recurrent


class ContinuousBatcher:
    """Requests join and leave the batch at every decode step."""

    name = "continuous"

    def __init__(self, loaded: LoadedModel, limits: EngineLimits) -> None:
        self._eos_token_ids = list(loaded.eos_token_ids)
        # the list's type says one number; empty means that only max_new_tokens ends a request
        generation = GenerationConfig(  # type: ignore[no-untyped-call]
            do_sample=False, eos_token_id=self._eos_token_ids or [-1], pad_token_id=0
        )
        self._manager: Any = loaded.model.init_continuous_batching(
            generation_config=generation,
            continuous_batching_config=_config(loaded, limits),
        )
        self._manager.logit_processor = _processors()
        self._lock = threading.Lock()
        self._seen: dict[str, int] = {}  # tokens of each live request that were reported

    def start(self) -> None:
        self._manager.start()

    def add(self, request: TokenRequest) -> None:
        with self._lock:
            self._seen[request.id] = 0
        accepted = self._manager.add_request(
            list(request.prompt_ids),
            request_id=request.id,
            max_new_tokens=request.max_new_tokens,
            streaming=True,
            eos_token_id=self._eos_token_ids or None,
            temperature=request.temperature,
            seed=request.seed,
        )
        if accepted is None:
            self._forget(request.id)
            raise EngineUnavailable("the batching loop is stopping or has died")

    def cancel(self, request_id: str) -> None:
        self._forget(request_id)
        self._manager.cancel_request(request_id)

    def next_steps(self, timeout: float) -> Sequence[TokenStep]:
        """One thread calls this; no handlers are registered, so a cancelled request leaks none."""
        steps: list[TokenStep] = []
        output = self._manager.get_result(timeout=timeout)
        while output is not None:
            step = self._new_tokens(output)
            if step is not None:
                steps.append(step)
            output = self._next_waiting()
        return steps

    def is_alive(self) -> bool:
        return bool(self._manager.is_running())

    def close(self) -> None:
        # hard: the caller has drained what it wanted to drain
        self._manager.stop(block=True, timeout=10, hard_stop=True)

    def _next_waiting(self) -> Any:  # noqa: ANN401 -- GenerationOutput, untyped
        router = self._manager.output_router
        return None if router.output_queue.empty() else self._manager.get_result(timeout=0)

    def _new_tokens(self, output: Any) -> TokenStep | None:  # noqa: ANN401 -- GenerationOutput
        with self._lock:
            seen = self._seen.get(output.request_id)
            if seen is None:
                return None  # cancelled: its last outputs were on their way
            self._seen[output.request_id] = len(output.generated_tokens)
        is_finished = bool(output.is_finished())
        if is_finished:
            self._forget(output.request_id)
        return TokenStep(
            id=output.request_id,
            token_ids=tuple(output.generated_tokens[seen:]),  # outputs are cumulative
            is_finished=is_finished,
            error=output.error,
        )

    def _forget(self, request_id: str) -> None:
        with self._lock:
            self._seen.pop(request_id, None)


class SeededNoise(cb_logits_processors.ContinuousBatchingLogitsProcessor):
    """Temperature and seed of each request as noise on its logits; the library then takes argmax.

    Two 32-bit words travel for each row: the temperature comes with the library's own processor,
    which must stand before this one, and the key with this one.
    """

    supported_kwargs = {"seed": int}  # noqa: RUF012 -- the library declares it as an instance-wide constant
    ignored_kwargs: tuple[str, ...] = ()

    def fill_defaults(self, int32_tensor: torch.Tensor) -> None:
        int32_tensor.zero_()

    def prepare_tensor_args(self, requests_with_new_token: list[Any]) -> torch.Tensor:
        keys = [_key(request.state) for request in requests_with_new_token]
        return torch.tensor(keys, dtype=torch.int32)

    def __call__(self, scores: torch.Tensor, tensor_arg: torch.Tensor) -> torch.Tensor:
        keys = tensor_arg[: scores.size(0)]
        return perturb(scores, torch.ones_like(keys, dtype=torch.float32), keys)


def _key(state: Any) -> int:  # noqa: ANN401 -- RequestState, untyped
    arguments = state.logit_processor_kwargs
    return noise_key(
        seed=int(arguments.get("seed", 0)),
        position=int(state.position_offset),  # tokens before the new one, also after a re-prefill
        temperature=float(arguments.get("temperature", 0.0)),
    )


class _Temperature(cb_logits_processors.ContinuousBatchingTemperatureLogitsWarper):
    """The library's processor, with 0 read as greedy instead of divided by."""

    def prepare_tensor_args(self, requests_with_new_token: list[Any]) -> torch.Tensor:
        values = [
            float(request.state.logit_processor_kwargs.get("temperature", 0.0)) or 1.0
            for request in requests_with_new_token
        ]
        return torch.tensor(values, dtype=torch.float32).view(dtype=torch.int32)


def _processors() -> Any:  # noqa: ANN401 -- the library's list, untyped
    processors = cb_logits_processors.ContinuousBatchingLogitsProcessorList(LogitsProcessorList())
    processors.logits_processor = LogitsProcessorList(
        [_Temperature(TemperatureLogitsWarper(_FIRST_TEMPERATURE)), SeededNoise()]
    )
    processors.tensors_required = 2
    processors.supported_keys = {"temperature": float, "seed": int}
    processors.do_processing = True
    return processors


def _config(loaded: LoadedModel, limits: EngineLimits) -> Any:  # noqa: ANN401 -- untyped
    fields = ContinuousBatchingConfig.__dataclass_fields__
    size = "page_size" if "page_size" in fields else "block_size"  # renamed after 5.17
    settings: dict[str, Any] = {
        size: limits.page_tokens,
        "max_requests_per_batch": limits.slots,
        "allow_block_sharing": True,
    }
    if loaded.model.device.type == "cpu":
        settings["num_blocks"] = _cpu_pages(loaded, limits)
        settings["max_batch_tokens"] = limits.cpu_batch_tokens
    return ContinuousBatchingConfig(**{k: v for k, v in settings.items() if k in fields})


def _cpu_pages(loaded: LoadedModel, limits: EngineLimits) -> int:
    """Pages for every slot at full length, within the memory that was granted."""
    config = loaded.model.config.get_text_config()
    heads = getattr(config, "num_key_value_heads", None) or config.num_attention_heads
    width = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    bytes_per_token = 2 * config.num_hidden_layers * heads * width * loaded.model.dtype.itemsize
    wanted = limits.slots * limits.context_tokens // limits.page_tokens
    affordable = limits.cpu_cache_bytes // (bytes_per_token * limits.page_tokens)
    return int(max(8, min(wanted, affordable)))


def cache_tokens(loaded: LoadedModel, limits: EngineLimits) -> int:
    """The longest request that the cache can hold, with room for the scheduler's margin."""
    if loaded.model.device.type != "cpu":
        return limits.context_tokens
    return int(_cpu_pages(loaded, limits) * limits.page_tokens * 0.8)
