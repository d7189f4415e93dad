"""A BERT sentence encoder as one ONNX graph: fused operators, pooling and normalisation inside.

Built from a state dict in a fraction of a second, so that fine-tuned weights are served by the same
runtime as the bundled ones. Knows nothing about files, tokenisers or intents.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from models.errors import EncoderError
from models.types import Floats

_FUSED = "com.microsoft"  # ONNX Runtime's fused transformer operators
_OPSET = 18
DRAWING = 2  # counts the ways this module has drawn: graphs of another are drawn anew
_WORDS = "embeddings.word_embeddings.weight"


@dataclass(frozen=True, slots=True)
class BertShape:
    """What the weights alone do not tell."""

    layers: int
    heads: int
    hidden: int
    epsilon: float
    pools_first_token: bool = False

    @classmethod
    def from_config(cls, config: Mapping[str, Any], *, pools_first_token: bool) -> "BertShape":
        """From a Hugging Face `config.json`; EncoderError for another architecture."""
        if config.get("model_type") != "bert" or config.get("hidden_act", "gelu") != "gelu":
            raise EncoderError(f"no fused graph for a {config.get('model_type')!r} encoder")
        return cls(
            layers=int(config["num_hidden_layers"]),
            heads=int(config["num_attention_heads"]),
            hidden=int(config["hidden_size"]),
            epsilon=float(config["layer_norm_eps"]),
            pools_first_token=pools_first_token,
        )


def build_graph(weights: Mapping[str, Floats], shape: BertShape) -> onnx.ModelProto:
    """(batch, length) int32 ids and mask -> (batch, hidden) unit vectors, in float32."""
    drawing = _Drawing(weights, shape)
    hidden = drawing.embed()
    for layer in range(shape.layers):
        hidden = drawing.block(hidden, f"encoder.layer.{layer}.")
    drawing.pool(hidden)
    ids, mask = (
        helper.make_tensor_value_info(name, TensorProto.INT32, ["batch", "length"])
        for name in ("input_ids", "attention_mask")
    )
    vectors = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["batch", shape.hidden])
    graph = helper.make_graph(
        drawing.nodes, "encoder", [ids, mask], [vectors], drawing.initializers
    )
    opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_FUSED, 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=9)
    helper.set_model_props(model, {"onnx.infer": "onnxruntime.quant"})  # shapes need no inference
    return model


def quantise(model: onnx.ModelProto, path: str) -> None:
    """Write the graph with int8 matrices (one scale for each output channel) to `path`.

    Activations are quantised when they pass. The word table stays as it is: a look-up is cheap.
    """
    quantize_dynamic(
        model,
        path,
        weight_type=QuantType.QInt8,
        per_channel=True,
        op_types_to_quantize=["MatMul", "Attention"],
        extra_options={"DefaultTensorType": TensorProto.FLOAT},
    )


class _Drawing:
    """Collects nodes and weights; every method returns the name of its output."""

    def __init__(self, weights: Mapping[str, Floats], shape: BertShape) -> None:
        self.weights = weights
        self.shape = shape
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: list[onnx.TensorProto] = []

    def embed(self) -> str:
        """Word, position and segment vectors, summed and normalised."""
        table = self.weights[_WORDS]
        scales = np.abs(table).max(axis=1, keepdims=True).clip(min=1e-9) / 127  # (words, 1)
        self._keep("words", np.round(table / scales).astype(np.int8))
        self._keep("word_scales", scales.astype(np.float32))
        self._keep("positions", self._weight("embeddings.position_embeddings.weight"))
        self._keep("segment", self._weight("embeddings.token_type_embeddings.weight")[0])
        self._node("Gather", ["words", "input_ids"], "word_codes")
        self._node("Cast", ["word_codes"], "word_floats", to=TensorProto.FLOAT)
        self._node("Gather", ["word_scales", "input_ids"], "word_scale")
        self._node("Mul", ["word_floats", "word_scale"], "word_vectors")
        self._keep("zero", np.zeros(1, dtype=np.int64))
        self._keep("one", np.ones(1, dtype=np.int64))
        self._keep("two", np.full(1, 2, dtype=np.int64))
        self._node("Shape", ["input_ids"], "ids_shape")
        self._node("Slice", ["ids_shape", "one", "two"], "length")
        self._node("Slice", ["positions", "zero", "length"], "position_vectors")
        self._node("Add", ["position_vectors", "segment"], "place_vectors")
        self._node("Add", ["word_vectors", "place_vectors"], "embedded")
        return self._normalise("embedded", "embeddings.LayerNorm", "hidden_0")

    def block(self, hidden: str, prefix: str) -> str:
        """One transformer block: attention and feed-forward, each added and normalised."""
        attention = self._attend(hidden, prefix)
        joined = self._matmul(attention, f"{prefix}attention.output.dense")
        after = self._add_and_normalise(joined, hidden, f"{prefix}attention.output")
        wide = self._matmul(after, f"{prefix}intermediate.dense")
        bias = self._keep(f"{prefix}gelu_bias", self._weight(f"{prefix}intermediate.dense.bias"))
        bent = self._node("BiasGelu", [wide, bias], f"{prefix}gelu", domain=_FUSED)
        narrow = self._matmul(bent, f"{prefix}output.dense")
        return self._add_and_normalise(narrow, after, f"{prefix}output")

    def pool(self, hidden: str) -> None:
        """The first token or the mean of the real ones, with length 1."""
        if self.shape.pools_first_token:
            self._keep("first", np.zeros((), dtype=np.int64))
            self._node("Gather", [hidden, "first"], "pooled", axis=1)
        else:
            self._keep("last", np.full(1, -1, dtype=np.int64))
            self._node("Cast", ["attention_mask"], "real", to=TensorProto.FLOAT)
            self._node("Unsqueeze", ["real", "last"], "real_wide")
            self._node("Mul", [hidden, "real_wide"], "real_hidden")
            self._node("ReduceSum", ["real_hidden", "one"], "pooled", keepdims=0)
        # a mean and a sum have the same direction: the length is set to 1 either way
        self._node("LpNormalization", ["pooled"], "vectors", axis=1, p=2)

    def _attend(self, hidden: str, prefix: str) -> str:
        parts = [f"{prefix}attention.self.{name}" for name in ("query", "key", "value")]
        weight = np.concatenate([self._weight(f"{part}.weight").T for part in parts], axis=1)
        bias = np.concatenate([self._weight(f"{part}.bias") for part in parts])
        inputs = [
            hidden,
            self._keep(f"{prefix}qkv", weight),  # (hidden, 3 * hidden)
            self._keep(f"{prefix}qkv_bias", bias),
            "attention_mask",
        ]
        name = f"{prefix}attended"
        return self._node("Attention", inputs, name, domain=_FUSED, num_heads=self.shape.heads)

    def _matmul(self, hidden: str, layer: str) -> str:
        weight = self._keep(f"{layer}.matrix", self._weight(f"{layer}.weight").T)
        return self._node("MatMul", [hidden, weight], f"{layer}.product")

    def _add_and_normalise(self, hidden: str, skip: str, layer: str) -> str:
        # apart, not as one fused node: that one takes three times as long on a short text
        bias = self._keep(f"{layer}.bias", self._weight(f"{layer}.dense.bias"))
        moved = self._node("Add", [hidden, bias], f"{layer}.moved")
        added = self._node("Add", [moved, skip], f"{layer}.added")
        return self._normalise(added, f"{layer}.LayerNorm", f"{layer}.normal")

    def _normalise(self, hidden: str, layer: str, output: str) -> str:
        gain = self._keep(f"{layer}.gain", self._weight(f"{layer}.weight"))
        shift = self._keep(f"{layer}.shift", self._weight(f"{layer}.bias"))
        return self._node(
            "LayerNormalization", [hidden, gain, shift], output, epsilon=self.shape.epsilon
        )

    def _weight(self, name: str) -> Floats:
        if name not in self.weights:
            raise EncoderError(f"the encoder's weights lack {name}")
        return np.asarray(self.weights[name], dtype=np.float32)

    def _keep(self, name: str, array: Any) -> str:  # noqa: ANN401 -- any array
        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def _node(self, operator: str, inputs: list[str], output: str, **attributes: Any) -> str:  # noqa: ANN401 -- ONNX attributes
        self.nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output
