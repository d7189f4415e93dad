"""Any cross-encoder of Hugging Face in torch: reads question and passage together, one score each.

Knows no index and no rights. Imported only where a reranker is named: it brings torch along.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from tokenizers import Tokenizer
from transformers import AutoModelForSequenceClassification, AutoTokenizer
from transformers.utils import logging as transformers_logging

from models.device import choose_device
from models.encoder_files import digest_of, find_weights
from models.errors import EncoderError, RerankerError
from models.types import Floats

# what a model may ask for, and what a tokeniser calls it
_INPUTS = (
    ("input_ids", "ids"),
    ("attention_mask", "attention_mask"),
    ("token_type_ids", "type_ids"),
)


class CrossEncoderReranker:
    """A frozen cross-encoder with one label, or with two of which the second means "it fits".

    Safe from many threads. RerankerError where there is no such model, or it is no cross-encoder.
    """

    def __init__(
        self,
        model: str | Path,
        device: str = "auto",
        *,
        max_tokens: int = 512,  # of question and passage together, or fewer where the model's end
        batch_size: int = 32,
    ) -> None:
        try:
            folder = find_weights(model)
            self._revision = _revision(folder)
        except EncoderError as missing:
            raise RerankerError(f"no reranker: {missing}") from missing
        self._device = choose_device(device)
        self._batch_size = batch_size
        self._model = _load_model(folder).to(self._device)
        self._tokenizer, self._inputs = _load_tokenizer(folder, self._model, max_tokens)

    @property
    def revision(self) -> str:
        """Name and digest of weights, settings and vocabulary."""
        return self._revision

    def score(self, question: str, passages: Sequence[str]) -> Floats:
        """How well each passage answers the question, (n,), in order: a logit, higher is better.

        What is longer than the model reads is cut, the longer of the two texts first.
        RerankerError when the model fails or gives what is no number.
        """
        scores = np.zeros(len(passages), dtype=np.float32)
        order = sorted(range(len(passages)), key=lambda place: len(passages[place]))
        for start in range(0, len(order), self._batch_size):
            chosen = order[start : start + self._batch_size]
            try:
                scores[chosen] = self._forward([(question, passages[place]) for place in chosen])
            except (RuntimeError, IndexError) as failed:  # torch has no narrower ones
                raise RerankerError(f"reranker {self._revision} failed: {failed}") from failed
        if not np.isfinite(scores).all():
            raise RerankerError(f"reranker {self._revision} gave a score that is no number")
        return scores

    @torch.inference_mode()
    def _forward(self, pairs: list[tuple[str, str]]) -> Floats:
        encodings = self._tokenizer.encode_batch(pairs)
        inputs = {
            name: torch.tensor([getattr(one, field) for one in encodings], device=self._device)
            for name, field in self._inputs.items()
        }  # each (batch, length)
        logits = self._model(**inputs).logits.float()  # (batch, labels)
        fits = logits[:, 0] if logits.shape[1] == 1 else logits[:, 1] - logits[:, 0]
        scores: Floats = fits.cpu().numpy()
        return scores


def _load_model(folder: Path) -> Any:  # noqa: ANN401 -- transformers ships no types
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        model, loaded = AutoModelForSequenceClassification.from_pretrained(
            folder, use_safetensors=True, dtype=torch.float32, output_loading_info=True
        )
    except (OSError, ValueError, RuntimeError, SafetensorError) as broken:
        raise RerankerError(f"cannot load a cross-encoder from {folder}: {broken}") from broken
    if loaded["missing_keys"]:  # they were drawn at random: an encoder without a head, say
        missing = ", ".join(sorted(loaded["missing_keys"])[:3])
        raise RerankerError(f"{folder} is no cross-encoder: it has no weights for {missing}")
    if model.config.num_labels not in (1, 2):
        raise RerankerError(
            f"{folder} tells {model.config.num_labels} labels apart; a reranker has 1 or 2"
        )
    return model.eval()


def _load_tokenizer(folder: Path, model: Any, max_tokens: int) -> tuple[Tokenizer, dict[str, str]]:  # noqa: ANN401 -- see above
    """It cuts and pads as the model needs; and which field of an encoding each input is."""
    try:
        loaded = AutoTokenizer.from_pretrained(folder)
    except (OSError, ValueError) as broken:
        raise RerankerError(f"cannot load the tokenizer of {folder}: {broken}") from broken
    if loaded.pad_token is None:
        raise RerankerError(f"the tokenizer of {folder} has no padding token")
    tokenizer: Tokenizer = loaded.backend_tokenizer
    longest = min(max_tokens, loaded.model_max_length, _positions(model) or max_tokens)
    tokenizer.enable_truncation(longest)
    tokenizer.enable_padding(
        direction=loaded.padding_side,
        pad_id=loaded.pad_token_id,
        pad_type_id=loaded.pad_token_type_id,
        pad_token=loaded.pad_token,
    )
    return tokenizer, {name: field for name, field in _INPUTS if name in loaded.model_input_names}


def _positions(model: Any) -> int | None:  # noqa: ANN401 -- see above
    """How many tokens have a place, None for any number; some count from behind the padding's."""
    for name, module in model.named_modules():
        if name.endswith("position_embeddings") and isinstance(module, torch.nn.Embedding):
            first = 0 if module.padding_idx is None else module.padding_idx + 1
            return module.num_embeddings - first
    return None


def _revision(folder: Path) -> str:
    together = hashlib.sha256()
    names = ["config.json", "tokenizer.json"]
    for path in [*sorted(folder.glob("*.safetensors")), *(folder / name for name in names)]:
        together.update(digest_of(path).encode())
    return f"{folder.name}@{together.hexdigest()[:12]}"
