"""Any encoder of Hugging Face in torch: tokenise, forward, pool, normalise. Knows no intents."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import AutoModel
from transformers.utils import logging as transformers_logging

from models.device import choose_device
from models.encoder_files import BUNDLED_DIGESTS, digest_of, find_weights, verify_digests
from models.errors import EncoderError
from models.text_folding import strip_cjk
from models.types import Floats

_CJK_PROBE = "我的信用卡账户余额不足请帮忙查询转账记录"
_UNREADABLE_SHARE = 0.2


class TextEncoder:
    """A frozen sentence encoder. Vectors are float32 with length 1."""

    def __init__(
        self,
        model_path: str | Path | None = None,
        device: str = "auto",
        *,
        max_length: int = 128,
        batch_size: int = 32,
    ) -> None:
        folder = find_weights(model_path)
        if model_path is None:
            verify_digests(folder, BUNDLED_DIGESTS)
        self.device = choose_device(device)
        self.batch_size = batch_size
        self._tokenizer = _load_tokenizer(folder, max_length)
        self._pools_first_token = _pools_first_token(folder)
        self._model = _load_model(folder).to(self.device)
        self._dimension = int(self._model.config.hidden_size)
        self._revision = _revision(folder, bundled=model_path is None)
        self._reads_cjk = _reads(self._tokenizer, _CJK_PROBE)

    @property
    def dimension(self) -> int:
        return self._dimension

    @property
    def revision(self) -> str:
        return self._revision

    @property
    def reads_cjk(self) -> bool:
        return self._reads_cjk

    def encode(self, texts: Sequence[str]) -> Floats:
        """One unit vector for each text, in order; long and short texts do not share a batch.

        Chinese characters that the vocabulary cannot read are removed, never guessed at:
        they would become confident vectors of unknown tokens.
        """
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        readable = list(texts) if self.reads_cjk else [strip_cjk(text) for text in texts]
        order = sorted(range(len(readable)), key=lambda index: len(readable[index]))
        for start in range(0, len(order), self.batch_size):
            chosen = order[start : start + self.batch_size]
            vectors[chosen] = self._forward([readable[index] for index in chosen])
        return vectors

    @torch.inference_mode()
    def _forward(self, texts: list[str]) -> Floats:
        encodings = self._tokenizer.encode_batch(texts)
        ids = torch.tensor([e.ids for e in encodings], device=self.device)  # (batch, length)
        mask = torch.tensor([e.attention_mask for e in encodings], device=self.device)
        hidden = self._model(input_ids=ids, attention_mask=mask).last_hidden_state
        pooled = hidden[:, 0] if self._pools_first_token else _mean(hidden, mask)
        unit = torch.nn.functional.normalize(pooled.float(), dim=-1)  # (batch, dimension)
        vectors: Floats = unit.cpu().numpy()
        return vectors


def _load_tokenizer(folder: Path, max_length: int) -> Tokenizer:
    path = folder / "tokenizer.json"
    if not path.is_file():
        raise EncoderError(f"tokenizer.json is missing in {folder}; the encoder needs it")
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.enable_truncation(max_length)
    tokenizer.enable_padding(**(_padding(tokenizer, folder)))
    return tokenizer


def _padding(tokenizer: Tokenizer, folder: Path) -> dict[str, Any]:
    path = folder / "tokenizer_config.json"
    settings = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    token = settings.get("pad_token") or "[PAD]"
    name = token["content"] if isinstance(token, dict) else str(token)
    return {"pad_token": name, "pad_id": tokenizer.token_to_id(name) or 0}


def _load_model(folder: Path) -> Any:  # noqa: ANN401 -- transformers ships no types
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        model = AutoModel.from_pretrained(folder, use_safetensors=True, dtype=torch.float32)
    except (OSError, ValueError) as broken:
        raise EncoderError(f"cannot load an encoder from {folder}: {broken}") from broken
    return model.eval()


def _pools_first_token(folder: Path) -> bool:
    path = folder / "1_Pooling" / "config.json"
    if not path.is_file():
        return False
    return bool(json.loads(path.read_text(encoding="utf-8")).get("pooling_mode_cls_token"))


def _revision(folder: Path, *, bundled: bool) -> str:
    if bundled:
        return f"all-MiniLM-L6-v2@{BUNDLED_DIGESTS['model.safetensors'][:12]}"
    together = hashlib.sha256()
    for path in [*sorted(folder.glob("*.safetensors")), folder / "tokenizer.json"]:
        together.update(digest_of(path).encode())
    return f"{folder.name}@{together.hexdigest()[:12]}"


def _reads(tokenizer: Tokenizer, probe: str) -> bool:
    tokens = tokenizer.encode(probe, add_special_tokens=False).tokens
    unknown = sum(token in {"[UNK]", "<unk>"} for token in tokens)
    return bool(tokens) and unknown / len(tokens) <= _UNREADABLE_SHARE


def _mean(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    weights = mask.unsqueeze(-1).to(hidden.dtype)  # (batch, length, 1)
    return (hidden * weights).sum(dim=1) / weights.sum(dim=1).clamp(min=1e-9)
