"""One encoder three times: the int8 graph that serves, the same graph in float32, and torch."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from safetensors.numpy import save_file
from tokenizers import Tokenizer

from models.bert_graph import build_graph
from models.encoder import TextEncoder
from models.encoder_source import EncoderSource
from models.onnx_encoder import OnnxEncoder
from models.types import Encoder, Floats

Encode = Callable[[Sequence[str]], Floats]


@dataclass(frozen=True, slots=True)
class Runtimes:
    """Texts to unit vectors, by runtime."""

    int8: Encode
    float32: Encode
    torch: Encode

    def by_name(self) -> dict[str, Encode]:
        return {"ONNX int8": self.int8, "ONNX fp32": self.float32, "torch fp32": self.torch}


@contextmanager
def open_runtimes(source: EncoderSource, served: Encoder) -> Iterator[Runtimes]:
    """All three over the same weights and the same tokens."""
    exact = OnnxEncoder(
        build_graph(source.weights, source.shape).SerializeToString(),
        _copy(source.tokenizer),
        name=source.name,
        prefix=source.prefix,
        reads_cjk=source.reads_cjk,
    )
    with TemporaryDirectory(prefix="switchboard-bench-") as folder:
        _write(Path(folder), source)
        plain = TextEncoder(folder, device="cpu")

        def in_torch(texts: Sequence[str]) -> Floats:
            return plain.encode([source.prefix + text for text in texts])

        yield Runtimes(served.encode, exact.encode, in_torch)


def _write(folder: Path, source: EncoderSource) -> None:
    """The weights as a folder of the Hugging Face form."""
    shape, words = source.shape, source.weights["embeddings.word_embeddings.weight"]
    config = {
        "model_type": "bert",
        "architectures": ["BertModel"],
        "vocab_size": words.shape[0],
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": source.weights["encoder.layer.0.intermediate.dense.bias"].shape[0],
        "max_position_embeddings": source.weights["embeddings.position_embeddings.weight"].shape[0],
        "type_vocab_size": source.weights["embeddings.token_type_embeddings.weight"].shape[0],
        "layer_norm_eps": shape.epsilon,
        "hidden_act": "gelu",
    }
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    save_file(source.weights, folder / "model.safetensors")
    source.tokenizer.save(str(folder / "tokenizer.json"))
    pooling = folder / "1_Pooling"
    pooling.mkdir()
    facts = {"pooling_mode_cls_token": shape.pools_first_token}
    (pooling / "config.json").write_text(json.dumps(facts), encoding="utf-8")


def _copy(tokenizer: Tokenizer) -> Tokenizer:
    """One that may be padded and cut on its own."""
    return Tokenizer.from_str(tokenizer.to_str())
