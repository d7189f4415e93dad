"""A Hugging Face causal LM and its tokeniser, from a folder or an id. Safetensors only."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.utils import logging as transformers_logging

from models.device import choose_device
from models.engine.errors import EngineLoadError

# what the library raises for missing, corrupt and unknown models
_BROKEN = (OSError, ValueError, KeyError, TypeError, RuntimeError, ImportError, SafetensorError)
_DTYPES = {
    "float32": torch.float32,
    "float16": torch.float16,
    "bfloat16": torch.bfloat16,
}


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """What the batchers and the engine share."""

    model: Any  # transformers builds the class from the configuration
    tokenizer: Any
    name: str
    eos_token_ids: tuple[int, ...]
    context_tokens: int

    @property
    def is_half_precision(self) -> bool:
        return bool(self.model.dtype in (torch.float16, torch.bfloat16))


def load_model(model_path: str | Path, *, dtype: str = "auto", device: str = "auto") -> LoadedModel:
    """Weights on the device, ready for inference; EngineLoadError is one clear line."""
    place = choose_device(device)
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        tokenizer = AutoTokenizer.from_pretrained(model_path)
        model: Any = AutoModelForCausalLM.from_pretrained(
            model_path, dtype=choose_dtype(dtype, place), use_safetensors=True
        )
    except _BROKEN as broken:
        reason = str(broken).strip().split("\n", maxsplit=1)[0]
        raise EngineLoadError(
            f"cannot load the language model {str(model_path)!r}: {reason}; name a folder with "
            "config.json, model.safetensors and a tokeniser, or an id that can be downloaded"
        ) from broken
    model = model.to(place).eval()
    return LoadedModel(
        model=model,
        tokenizer=tokenizer,
        name=Path(str(model_path)).name,
        eos_token_ids=_eos_token_ids(model, tokenizer),
        context_tokens=int(getattr(model.config, "max_position_embeddings", 0) or 4096),
    )


def choose_dtype(wanted: str, device: torch.device) -> torch.dtype | str:
    """CPUs are slow in half precision; elsewhere `auto` is what the weights were saved in."""
    if wanted != "auto":
        return _DTYPES[wanted]
    return torch.float32 if device.type == "cpu" else "auto"


def _eos_token_ids(model: Any, tokenizer: Any) -> tuple[int, ...]:  # noqa: ANN401 -- see LoadedModel
    """Both say when to stop, and chat models often know more in one than in the other."""
    declared = model.generation_config.eos_token_id
    ids = set(declared) if isinstance(declared, list) else {declared}
    ids.add(tokenizer.eos_token_id)
    return tuple(sorted(int(token_id) for token_id in ids if token_id is not None))
