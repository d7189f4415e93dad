"""An encoder served by ONNX Runtime with int8 matrices, one thread for each text.

Knows nothing about where its graph came from; its revision names the graph's very bytes, because
heads and thresholds belong to the runtime and the precision that they were fitted with.
"""

import hashlib
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from tokenizers import Tokenizer

from models.bert_graph import quantise
from models.chinese import to_simplified
from models.errors import EncoderError
from models.text_folding import strip_cjk
from models.threads import worker_threads
from models.types import Floats

_WORTH_THREADS = 32  # texts from which on several are encoded at once
MAX_TOKENS = 128
_SLOWER_FUSIONS = ["SkipLayerNormFusion"]  # on a short text slower than its parts


class OnnxEncoder:
    """Unit vectors from a graph with `input_ids` and `attention_mask`; safe from many threads."""

    def __init__(
        self,
        graph: bytes,
        tokenizer: Tokenizer,
        *,
        name: str,
        prefix: str = "",
        reads_cjk: bool = False,
        workers: int | None = None,
    ) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                graph,
                options,
                providers=["CPUExecutionProvider"],
                disabled_optimizers=_SLOWER_FUSIONS,
            )
        except Exception as broken:  # onnxruntime's own classes share no base but this
            raise EncoderError(f"{name} is not a usable ONNX graph: {broken}") from broken
        tokenizer.enable_truncation(MAX_TOKENS)
        tokenizer.no_padding()
        self._tokenizer = tokenizer
        self._prefix = prefix
        self._workers = workers or worker_threads()
        self._dimension = int(self._session.get_outputs()[0].shape[-1])
        self.revision = f"{name}+int8-{hashlib.sha256(graph).hexdigest()[:12]}"
        self.reads_cjk = reads_cjk

    @property
    def dimension(self) -> int:
        return self._dimension

    def encode(self, texts: Sequence[str]) -> Floats:
        """One unit vector for each text, in order: (n, dimension).

        Each text passes alone: activations are quantised with one scale for a whole pass, so a
        neighbour in a batch would change the vector, and no decision could be replayed exactly.
        """
        if len(texts) < _WORTH_THREADS:
            vectors = [self._forward(text) for text in texts]
        else:
            with ThreadPoolExecutor(self._workers) as pool:  # the runtime releases the GIL
                vectors = list(pool.map(self._forward, texts, chunksize=_WORTH_THREADS))
        if not vectors:
            return np.zeros((0, self._dimension), dtype=np.float32)
        return np.concatenate(vectors)

    def _forward(self, text: str) -> Floats:
        # both spellings of Chinese are one text to the heads
        readable = to_simplified(text) if self.reads_cjk else strip_cjk(text)
        encoded = self._tokenizer.encode(self._prefix + readable).ids
        ids = np.array([encoded], dtype=np.int32)  # (1, length)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        vectors: Floats = self._session.run(None, feed)[0]
        return vectors


def graph_bytes(model: onnx.ModelProto) -> bytes:
    """The int8 graph as bytes."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "encoder.onnx"
        quantise(model, str(path))
        return path.read_bytes()
