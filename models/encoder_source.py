"""The weights of an encoder with what is needed to serve or to tune them. Knows no runtime."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from safetensors.numpy import load_file
from tokenizers import Tokenizer

from models import multilingual_e5
from models.bert_graph import BertShape
from models.encoder_files import BUNDLED_DIGESTS, find_weights, verify_digests
from models.errors import EncoderError
from models.types import Floats

MINILM = f"all-MiniLM-L6-v2@{BUNDLED_DIGESTS['model.safetensors'][:12]}"


@dataclass(frozen=True, slots=True)
class EncoderSource:
    """Weights under Hugging Face's BERT names."""

    name: str
    weights: dict[str, Floats]
    shape: BertShape
    tokenizer: Tokenizer
    prefix: str = ""
    reads_cjk: bool = False


def minilm_source() -> EncoderSource:
    """The bundled English encoder, its bytes verified."""
    folder = find_weights(None)
    verify_digests(folder, BUNDLED_DIGESTS)
    return _read(folder, name=MINILM, reads_cjk=False)


def bilingual_source() -> EncoderSource:
    """The bundled bilingual encoder, its bytes verified."""
    found = multilingual_e5.load_bilingual()
    return EncoderSource(
        name=multilingual_e5.REVISION,
        weights=found.weights,
        shape=found.shape,
        tokenizer=found.tokenizer,
        prefix=multilingual_e5.PREFIX,
        reads_cjk=True,
    )


def folder_source(model: str | Path, *, reads_cjk: bool) -> EncoderSource:
    """A folder or hub id of a BERT encoder; EncoderError for other architectures."""
    folder = find_weights(model)
    with (folder / "model.safetensors").open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return _read(folder, name=f"{folder.name}@{digest[:12]}", reads_cjk=reads_cjk)


def _read(folder: Path, *, name: str, reads_cjk: bool) -> EncoderSource:
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        weights = load_file(folder / "model.safetensors")
    except OSError as missing:
        raise EncoderError(f"{folder} is not an encoder: {missing}") from missing
    pooling = folder / "1_Pooling" / "config.json"
    settings = json.loads(pooling.read_text(encoding="utf-8")) if pooling.is_file() else {}
    pools_first = bool(settings.get("pooling_mode_cls_token"))
    return EncoderSource(
        name=name,
        weights=_encoder_part(weights),
        shape=BertShape.from_config(config, pools_first_token=pools_first),
        tokenizer=Tokenizer.from_file(str(folder / "tokenizer.json")),
        reads_cjk=reads_cjk,
    )


def _encoder_part(weights: dict[str, Floats]) -> dict[str, Floats]:
    """Embeddings and blocks alone: a pooler or a head of another task is left out."""
    plain = {name.removeprefix("bert."): tensor for name, tensor in weights.items()}
    wanted = ("embeddings.", "encoder.layer.")
    return {
        name: tensor
        for name, tensor in plain.items()
        if name.startswith(wanted) and not name.endswith("position_ids")
    }
